/** What a registry says of an image: its digest, and the labels of its config. */
import type { StepContext } from '../step-context.ts';

export interface InspectedImage {
  /** Of what the name points to, which may be an index. */
  readonly digest: string;
  /** Of the image for `architecture`. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Undefined when the registry has no such image. `architecture` is `amd64`, `arm64`. Throws StepFailure for a registry that
 * does not answer or refuses.
 */
export const inspectImage = async (
  context: Pick<StepContext, 'env' | 'signal'>,
  image: string,
  architecture: string,
): Promise<InspectedImage | undefined> => {
  // On demand: this file is loaded with every step.
  const { openRegistry } = await import('../registry/open-registry.ts');
  const { readBaseImage } = await import('./base-image.ts');
  const source = await openRegistry(context, image);
  const stored = await source.client.getManifest(source.repository, source.reference);
  if (stored === undefined) return undefined;
  const { config } = await readBaseImage({ ...source, reference: stored.digest }, image, architecture);
  return { digest: stored.digest, labels: config.config?.Labels ?? {} };
};
