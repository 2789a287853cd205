/** AskRegistry: what registries know of images, asked once for each name. */

import type { CliHost } from '../cli-host.ts';

export interface KnownImage {
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AskRegistry {
  /** Undefined for an image that is not there, and for a registry that does not say. */
  inspect(reference: string): Promise<KnownImage | undefined>;
  /** Loopback registries, and those of INSECURE_REGISTRIES. */
  isPlainHttp(reference: string): boolean;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64' };

/** Says on stderr why a registry gave no answer: the images are then made anew. */
export async function createAskRegistry(host: CliHost): Promise<AskRegistry> {
  const { inspectImage, isPlainHttpImage } = await import('@tekton-dag/steps');
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  return {
    async inspect(reference) {
      try {
        return await inspectImage(host, reference, architecture);
      } catch (error) {
        if (host.signal.aborted) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        host.stderr.write(`nothing is known of ${reference}: ${reason}\n`);
        return undefined;
      }
    },
    isPlainHttp: (reference) => isPlainHttpImage(reference, host.env['INSECURE_REGISTRIES']),
  };
}
