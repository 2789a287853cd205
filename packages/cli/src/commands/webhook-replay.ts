/** webhookReplay: takes a delivery through the orchestrator once more. */

import { z } from 'zod';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { deliveryPath } from '../orchestrator/delivery-path.ts';
import { openServer } from '../orchestrator/open-server.ts';
import type { ServerOptions } from '../orchestrator/server-options.ts';
import { renderData } from '../render/objects.ts';

export interface WebhookReplayOptions extends ServerOptions {
  readonly force?: boolean;
  readonly output?: 'json' | 'yaml';
}

const replaySchema = z.looseObject({
  status: z.string(),
  host: z.string(),
  delivery: z.string(),
  reason: z.string().nullable(),
  runs: z.array(z.string()),
});

export async function webhookReplay(
  host: CliHost,
  name: string,
  options: WebhookReplayOptions,
): Promise<number> {
  const server = await openServer(host, options);
  const path = `${deliveryPath(name)}/replay`;
  const { value } = await server.post(path, { force: options.force === true }, replaySchema);
  const { output } = options;
  host.stdout.write(output === undefined ? renderReplay(value) : await renderData(value, output));
  return EXIT.ok;
}

function renderReplay({ status, host, delivery, reason, runs }: z.output<typeof replaySchema>): string {
  const what = reason === null ? runs.join(', ') : `no run (${reason})`;
  return `delivery ${host}/${delivery} ${status}${what === '' ? '' : `: ${what}`}\n`;
}
