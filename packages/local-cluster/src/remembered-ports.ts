/** The ports that a cluster had when it ran last: names of images and kubeconfigs in use stay true over a restart. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './write-private-file.ts';

const port = z.int().min(1).max(65_535);
const portsSchema = z.strictObject({ api: port, registry: port });

export type RememberedPorts = z.infer<typeof portsSchema>;

const fileOf = (stateDir: string): string => join(stateDir, 'ports.json');

/** Undefined for a state directory that is new, or whose file is not readable. */
export function readRememberedPorts(stateDir: string): RememberedPorts | undefined {
  try {
    return portsSchema.parse(JSON.parse(readFileSync(fileOf(stateDir), 'utf8')));
  } catch {
    return undefined;
  }
}

export function rememberPorts(stateDir: string, ports: RememberedPorts): void {
  writePrivateFile(fileOf(stateDir), JSON.stringify(ports));
}
