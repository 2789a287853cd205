/** bumpVersions: writes a release into the text of `versions.yaml` and leaves the rest of it as it was. */

import { parseDocument } from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import { ok, type Result } from '../result.ts';
import { nextCandidate, releaseVersion } from './next-version.ts';
import { parseVersions } from './parse-versions.ts';
import { FIRST_VERSION } from './versions.ts';

export interface BumpedVersions {
  /** The file after the release; comments are kept. */
  readonly text: string;
  readonly released: string;
  readonly next: string;
}

/**
 * Releases the app's candidate: `last-released` takes its version without the candidate part, `version` the next
 * candidate. An app that the file does not name is released from the first version. `file` is for diagnostics.
 */
export function bumpVersions(
  text: string,
  app: string,
  file = 'stacks/versions.yaml',
): Result<BumpedVersions, Diagnostic[]> {
  const versions = parseVersions(text, file);
  if (!versions.ok) return versions;
  const { apps } = versions.value;
  const released = releaseVersion(
    (Object.hasOwn(apps, app) ? apps[app]?.version : undefined) ?? FIRST_VERSION,
  );
  const next = nextCandidate(released);
  const doc = parseDocument(text);
  doc.setIn(['apps', app, 'version'], next);
  doc.setIn(['apps', app, 'last-released'], released);
  return ok({ text: doc.toString({ lineWidth: 0 }), released, next });
}
