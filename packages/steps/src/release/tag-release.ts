/** Gives a built image its version tag, and proves that the tag names that image. */
import type { StepContext } from '../step-context.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { StepFailure } from '../step-failure.ts';

/** A version tag never moves: a tag that names another image already ends it. */
export const tagRelease = async (
  context: StepContext,
  { image, digest, version }: { image: string; digest: string; version: string },
): Promise<void> => {
  const { client, repository } = await openRegistry(context, image);
  const tag = `v${version}`;
  const present = await client.getManifest(repository, tag);
  if (present?.digest === digest) return;
  if (present !== undefined) {
    throw new StepFailure(`${image}:${tag} is ${present.digest} already, not ${digest}`, {
      code: 'RELEASE_TAG_TAKEN',
      hint: 'raise the version in the versions file',
    });
  }
  const stored = await client.getManifest(repository, digest);
  if (stored === undefined) {
    throw new StepFailure(`${image}@${digest} is not in the registry`, { code: 'RELEASE_IMAGE_MISSING' });
  }
  await client.tag(repository, stored, [tag]);
  const written = await client.getManifest(repository, tag);
  if (written?.digest === digest) return;
  throw new StepFailure(`${image}:${tag} names ${written?.digest ?? 'nothing'} after tagging`, {
    code: 'RELEASE_TAG_WRONG',
  });
};
