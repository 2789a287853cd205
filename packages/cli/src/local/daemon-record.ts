/** The daemon's record: which process runs the local cluster of a state directory, and where it listens. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isSameProcess } from './process-identity.ts';

const schema = z.strictObject({
  pid: z.int().positive(),
  /** What tells this process from a later one with the same number. */
  identity: z.string(),
  startedAt: z.string(),
  kubeconfigPath: z.string(),
  apiUrl: z.string(),
  registryHost: z.string(),
});

export type DaemonRecord = Readonly<z.output<typeof schema>>;

const pathOf = (stateDir: string): string => join(stateDir, 'daemon.json');

/** Atomic: a reader sees the whole record or none. */
export async function writeDaemonRecord(stateDir: string, record: DaemonRecord): Promise<void> {
  const temporary = `${pathOf(stateDir)}.${record.pid}`;
  await writeFile(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  await rename(temporary, pathOf(stateDir));
}

export async function removeDaemonRecord(stateDir: string): Promise<void> {
  await rm(pathOf(stateDir), { force: true });
}

/** The record of a daemon that is alive; undefined when there is none, or its process is gone. */
export async function findDaemon(stateDir: string): Promise<DaemonRecord | undefined> {
  const record = await readRecord(stateDir);
  if (record === undefined) return undefined;
  return (await isSameProcess(record.pid, record.identity)) ? record : undefined;
}

async function readRecord(stateDir: string): Promise<DaemonRecord | undefined> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(pathOf(stateDir), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
