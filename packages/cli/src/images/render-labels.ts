/** renderLabels: what an image says of itself (OCI image-spec v1.1, Annotations); pure. */

import type { ImageBuild } from './image-build.ts';
import type { ImageSource } from './read-source.ts';

/** Label that holds the hash of what determines the image. */
export const CONTENT_LABEL = 'tekton-dag.io/content';

export interface LabelFacts {
  /** Where the Dockerfiles are kept, and the terms. */
  readonly matrix: { readonly source: string; readonly licenses: string };
  readonly source: ImageSource;
  readonly baseDigest: string | undefined;
  readonly contentHash: string;
}

/** Labels by name. */
export function renderLabels(build: ImageBuild, facts: LabelFacts): Record<string, string> {
  const { revision, createdSeconds } = facts.source;
  const labels: Record<string, string | undefined> = {
    title: build.title,
    description: build.description,
    version: build.tag,
    source: facts.matrix.source,
    licenses: facts.matrix.licenses,
    revision,
    created: createdSeconds === undefined ? undefined : new Date(createdSeconds * 1_000).toISOString(),
    'base.name': build.base.reference,
    'base.digest': facts.baseDigest,
  };
  const known = Object.entries(labels).flatMap(([name, value]) =>
    value === undefined ? [] : [[`org.opencontainers.image.${name}`, value] as const],
  );
  return { ...Object.fromEntries(known), [CONTENT_LABEL]: facts.contentHash };
}
