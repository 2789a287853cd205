/** checkRegistry: whether an image registry answers (OCI Distribution Specification, "Determining Support"). */

import type { Check } from './check.ts';

export interface RegistryAim {
  /** `host[:port][/path]`. */
  readonly registry: string;
  /** Hosts that are spoken to over plain HTTP. */
  readonly insecure: readonly string[];
}

const TIMEOUT_MS = 10_000;

/** As seen from this machine; the cluster may see another. Asking for credentials counts as an answer. */
export async function checkRegistry({ registry, insecure }: RegistryAim): Promise<Check> {
  const name = 'registry';
  const host = registry.split('/')[0] ?? '';
  const scheme = insecure.includes(host) || /^(?:localhost|127\.[\d.]+)(?::|$)/.test(host) ? 'http' : 'https';
  const url = `${scheme}://${host}/v2/`;
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    if (answer.ok) return { name, state: 'ok', detail: `${url} answers` };
    if (answer.status === 401)
      return { name, state: 'ok', detail: `${url} answers and asks for credentials` };
    const hint = 'is it a registry, and is the host right?';
    return { name, state: 'missing', detail: `${url} refuses with ${answer.status}`, hint };
  } catch (error) {
    return {
      name,
      state: 'missing',
      detail: `${url} cannot be reached: ${causeOf(error)}`,
      hint: hintOf(scheme),
    };
  }
}

function hintOf(scheme: string): string {
  return scheme === 'http'
    ? 'is it running? is the port right?'
    : "is it running? one that speaks plain HTTP belongs into the team's insecureRegistries";
}

function causeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  const isPlain = 'code' in cause && cause.code === 'ERR_SSL_WRONG_VERSION_NUMBER';
  return isPlain ? 'it does not speak TLS' : cause.message;
}
