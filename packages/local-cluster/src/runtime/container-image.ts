/** Decides what an image reference means on this machine: this program, an unpacked image, or the host's tools. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { StartFailure } from '../contracts/container-runtime.ts';
import { parseImageReference, type ImageReference } from './image-reference.ts';
import type { ImageStore, UnpackedImage } from './image-store.ts';

export type ContainerImage =
  | { readonly kind: 'self' }
  | { readonly kind: 'host' }
  | { readonly kind: 'unpacked'; readonly image: UnpackedImage };

/** This program, and this program with buildah. */
const OWN_NAMES = ['tekton-dag', 'tekton-dag-build-buildah'];

/** Only an image of the local registry is fetched; a reference that it does not have is a pull error. */
export async function resolveContainerImage(
  image: string,
  registryHost: string,
  store: ImageStore,
): Promise<Result<ContainerImage, StartFailure>> {
  const reference = parseImageReference(image);
  if (isLocal(reference, registryHost)) {
    const unpacked = await store.unpack(reference);
    return unpacked.ok
      ? ok({ kind: 'unpacked', image: unpacked.value })
      : err({
          reason: 'ErrImagePull',
          message: `Failed to pull image ${JSON.stringify(image)}: ${unpacked.error}`,
        });
  }
  return ok(OWN_NAMES.includes(reference.name) ? { kind: 'self' } : { kind: 'host' });
}

function isLocal(reference: ImageReference, registryHost: string): boolean {
  if (reference.host === registryHost) return true;
  const port = registryHost.slice(registryHost.lastIndexOf(':') + 1);
  return reference.host === `localhost:${port}` || reference.host === `127.0.0.1:${port}`;
}
