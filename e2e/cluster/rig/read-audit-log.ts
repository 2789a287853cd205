/** readAuditLog: what service accounts asked of the API server (audit.k8s.io/v1, one JSON event a line). */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
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

/** Where the log ends now: what comes later is read from here. */
export async function endOfAuditLog(file: string): Promise<number> {
  return (await stat(file)).size;
}

/** The events after `from` whose line has one of the texts; most lines are somebody else's and are not parsed. */
export async function readAuditLog(
  file: string,
  { from, texts }: { from: number; texts: readonly string[] },
): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const line of createInterface({ input: createReadStream(file, { start: from }) })) {
    if (!texts.some((text) => line.includes(text))) continue;
    const event = eventSchema.safeParse(parseLine(line));
    if (event.success) events.push(event.data);
  }
  return events;
}

/** The last line may be half written. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
