/** parseVersions: the text of `versions.yaml` to Versions. */

import type { Diagnostic } from '../diagnostic.ts';
import { parseFile } from '../file/parse-file.ts';
import { present } from '../present.ts';
import { ok, type Result } from '../result.ts';
import type { AppVersion, Versions } from './versions.ts';
import { versionsFileSchema } from './versions-file-schema.ts';

/** `file` is the name that diagnostics bear. The error holds every problem of the file, in its order. */
export function parseVersions(text: string, file: string): Result<Versions, Diagnostic[]> {
  const parsed = parseFile(text, file, versionsFileSchema);
  if (!parsed.ok) return parsed;
  const entries = Object.entries(parsed.value.apps).map(([app, entry]): [string, AppVersion] => {
    return [app, { version: entry.version, ...present({ lastReleased: entry['last-released'] }) }];
  });
  return ok({ apps: Object.fromEntries(entries) });
}
