/** Opens the registry that an image name points to, with the pod's credentials. */
import { StepFailure } from '../step-failure.ts';
import type { StepContext } from '../step-context.ts';
import { isPlainHttp } from './is-plain-http.ts';
import { parseImageReference, type ImageReference } from './parse-image-reference.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';
import { loadRegistryCredentials } from './registry-credentials.ts';

export interface OpenRegistry extends ImageReference {
  readonly client: RegistryClient;
  readonly plainHttp: boolean;
}

/** Throws IMAGE_NAME_INVALID for text that is no image name. */
export const openRegistry = async (
  context: Pick<StepContext, 'env' | 'signal'>,
  image: string,
): Promise<OpenRegistry> => {
  const parsed = parseImageReference(image);
  if (!parsed.ok)
    throw new StepFailure(parsed.error, { code: 'IMAGE_NAME_INVALID', hint: 'check image-registry' });
  const findCredentials = await loadRegistryCredentials(context.env);
  const plainHttp = isPlainHttp(parsed.value.registry, context.env['INSECURE_REGISTRIES']);
  const client = createRegistryClient(parsed.value.registry, {
    findCredentials,
    plainHttp,
    signal: context.signal,
  });
  return { ...parsed.value, plainHttp, client };
};
