/** writePrivateFile: a file of the state directory that only its owner may read, exchanged as a whole. */

import { renameSync, writeFileSync } from 'node:fs';

/**
 * Readers see the old content or the new one, never a part of it: containers read their kubeconfig while another one starts
 * and has it written again, and a process that is killed here must not leave half a key. Throws the system's error.
 */
export function writePrivateFile(path: string, content: string): void {
  const part = `${path}.part`;
  writeFileSync(part, content, { mode: 0o600 });
  renameSync(part, path);
}
