/** readAuditLog: what service accounts asked of the API server (audit.k8s.io/v1, one JSON event a line). */

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const eventSchema = z.looseObject({
  verb: z.string(),
  requestURI: z.string(),
  user: z.looseObject({ username: z.string() }),
  objectRef: z
    .looseObject({
      apiGroup: z.string().default(''),
      resource: z.string().default(''),
      subresource: z.string().optional(),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
  responseStatus: z.looseObject({ code: z.number().default(0) }).optional(),
  annotations: z.record(z.string(), z.string()).default({}),
});
export type AuditEvent = z.output<typeof eventSchema>;

/** A place in the log; the log may be rotated after it. */
export interface AuditPlace {
  readonly inode: number;
  readonly offset: number;
}

/** Where the log ends now: what comes later is read from here. */
export async function endOfAuditLog(file: string): Promise<AuditPlace> {
  const { ino: inode, size: offset } = await stat(file);
  return { inode, offset };
}

/** The events after `from`, or all, whose line has one of the texts; most lines are somebody else's and are not parsed. */
export async function readAuditLog(
  file: string,
  { from, texts }: { from: AuditPlace | undefined; texts: readonly string[] },
): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (const { path, start } of await partsSince(file, from)) {
    for await (const line of createInterface({ input: createReadStream(path, { start }) })) {
      if (!texts.some((text) => line.includes(text))) continue;
      const event = eventSchema.safeParse(parseLine(line));
      if (event.success) events.push(event.data);
    }
  }
  return events;
}

interface LogPart {
  readonly path: string;
  readonly start: number;
}

/** The API server renames a log that is full to `<name>-<time>.<ending>`. Throws when what follows the place is gone. */
async function partsSince(file: string, from: AuditPlace | undefined): Promise<LogPart[]> {
  const { dir, name, ext } = parse(file);
  const isRotated = (entry: string): boolean => entry.startsWith(`${name}-`) && entry.endsWith(ext);
  const rotated = (await readdir(dir)).filter(isRotated).toSorted();
  const paths = [...rotated.map((entry) => join(dir, entry)), file];
  if (from === undefined) return paths.map((path) => ({ path, start: 0 }));
  const inodes = await Promise.all(paths.map(async (path) => (await stat(path)).ino));
  const first = inodes.indexOf(from.inode);
  if (first < 0) throw new Error(`${file} was rotated until what the test did was gone`);
  return paths.slice(first).map((path, index) => ({ path, start: index === 0 ? from.offset : 0 }));
}

/** The last line may be half written. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
