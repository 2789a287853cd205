/** webhookExplain: why a delivery made runs or none. */

import { z } from 'zod';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { deliveryPath } from '../orchestrator/delivery-path.ts';
import { openServer } from '../orchestrator/open-server.ts';
import type { ServerOptions } from '../orchestrator/server-options.ts';
import { renderData } from '../render/objects.ts';
import { renderTable } from '../render/table.ts';

export interface WebhookExplainOptions extends ServerOptions {
  readonly output?: 'json' | 'yaml';
}

const explanationSchema = z.looseObject({
  summary: z.string(),
  reason: z.string().nullable(),
  apps: z.array(
    z.looseObject({
      team: z.string(),
      stack: z.string(),
      app: z.string(),
      run: z.string().nullable(),
      why: z.string(),
    }),
  ),
});

export async function webhookExplain(
  host: CliHost,
  name: string,
  options: WebhookExplainOptions,
): Promise<number> {
  const server = await openServer(host, options);
  const { value } = await server.get(`${deliveryPath(name)}/explain`, explanationSchema);
  const { output } = options;
  host.stdout.write(output === undefined ? renderExplanation(value) : await renderData(value, output));
  return EXIT.ok;
}

function renderExplanation({ summary, apps }: z.output<typeof explanationSchema>): string {
  if (apps.length === 0) return `${summary}\n`;
  const rows = apps.map(({ team, stack, app, run, why }) => [team, stack, app, run ?? '-', why]);
  return `${summary}\n\n${renderTable(['TEAM', 'STACK', 'APP', 'RUN', 'WHY'], rows)}`;
}
