/** parseRegistry: the text of `registry.yaml` to a Registry. */

import type { Diagnostic } from '../diagnostic.ts';
import { parseFile } from '../file/parse-file.ts';
import type { Result } from '../result.ts';
import { registryFileSchema } from './registry-file-schema.ts';
import type { Registry } from './registry.ts';

/** `file` is the name that diagnostics bear. The error holds every problem of the file, in its order. */
export function parseRegistry(text: string, file: string): Result<Registry, Diagnostic[]> {
  return parseFile(text, file, registryFileSchema);
}
