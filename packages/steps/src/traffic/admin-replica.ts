/** One admin port of a router or a tap, and how to ask it. */
import { StepFailure } from '../step-failure.ts';
import { sendHttp } from '../send-http.ts';

export interface AdminReplica {
  readonly url: string;
  readonly token: string;
  /** `<namespace>/<pod>`. */
  readonly name: string;
}

/** Port of health, metrics and evidence, on routers and taps alike. */
export const ADMIN_PORT = 15_021;
const TIMEOUT_MS = 10_000;

/** The admin port of a pod's address. */
export const adminUrl = (address: string): string =>
  `http://${address.includes(':') ? `[${address}]` : address}:${ADMIN_PORT}`;

const send = async ({ url, token, name }: AdminReplica, path: string, signal: AbortSignal) => {
  try {
    return await sendHttp(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepFailure(`router ${name} does not answer ${path}: ${reason}`, {
      code: 'ROUTER_UNREACHABLE',
      hint: 'has its pod just ended? see kubectl get pods',
      cause: error,
    });
  }
};

/** The JSON of a page; undefined for 404. Throws ROUTER_ADMIN for other refusals, ROUTER_UNREACHABLE for no answer. */
export const askReplica = async (
  replica: AdminReplica,
  path: string,
  signal: AbortSignal,
): Promise<unknown> => {
  const response = await send(replica, path, signal);
  if (response.statusCode === 200) return await response.body.json();
  await response.body.dump();
  // A replica that no request of the trace passed does not know it.
  if (response.statusCode === 404) return undefined;
  throw new StepFailure(`router ${replica.name} answered ${path} with HTTP ${response.statusCode}`, {
    code: 'ROUTER_ADMIN',
    hint: 'is Secret tekton-dag-router the one that the router started with?',
  });
};
