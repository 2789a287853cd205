/** noteCatalogSource: writes on pipelines where they come from; Tekton copies it to their runs. Pure. */

import { ANNOTATION, present } from '@tekton-dag/model';
import type { Manifest } from './manifest.ts';
import type { CatalogSource } from './read-catalog-source.ts';

/** The other objects stay as they are. */
export function noteCatalogSource(manifests: readonly Manifest[], source: CatalogSource): Manifest[] {
  const notes = present({
    [ANNOTATION.catalogDigest]: source.digest,
    [ANNOTATION.catalogRevision]: source.revision,
    [ANNOTATION.catalogUrl]: source.url,
  });
  return manifests.map((manifest) => (manifest.kind === 'Pipeline' ? annotate(manifest, notes) : manifest));
}

function annotate(manifest: Manifest, notes: Readonly<Record<string, string>>): Manifest {
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, annotations: { ...metadata.annotations, ...notes } } };
}
