/** webhookShow: one delivery, with what was decided and what came of it. */

import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { deliveryPath } from '../orchestrator/delivery-path.ts';
import { deliverySchema, type Delivery } from '../orchestrator/delivery.ts';
import { openServer } from '../orchestrator/open-server.ts';
import type { ServerOptions } from '../orchestrator/server-options.ts';
import { nameOfDelivery } from '../render/delivery-view.ts';
import { renderData } from '../render/objects.ts';
import { renderTable } from '../render/table.ts';

export interface WebhookShowOptions extends ServerOptions {
  readonly output?: 'json' | 'yaml';
}

/** JSON and YAML print what the API answers. */
export async function webhookShow(host: CliHost, name: string, options: WebhookShowOptions): Promise<number> {
  const server = await openServer(host, options);
  const { value } = await server.get(deliveryPath(name), deliverySchema);
  const { output } = options;
  host.stdout.write(output === undefined ? renderDelivery(value) : await renderData(value, output));
  return EXIT.ok;
}

function renderDelivery(delivery: Delivery): string {
  const { decision } = delivery;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Delivery', nameOfDelivery(delivery)],
    ['Event', [delivery.event, delivery.action].filter((word) => word !== '').join(' ')],
    ['Subject', delivery.subject === delivery.id ? delivery.repository : delivery.subject],
    ['Received', `${delivery.received}${delivery.gap_filled ? ' (fetched later: it never arrived)' : ''}`],
    ['State', `${delivery.state}, ${delivery.attempts} attempt${delivery.attempts === 1 ? '' : 's'}`],
    ['Finished', delivery.finished],
    ['Decision', decision.sha === null ? decision.kind : `${decision.kind} of ${decision.sha}`],
    ['Reason', delivery.reason],
    ['Detail', decision.detail],
  ];
  const lines = facts.flatMap(([label, value]) =>
    value === null || value === '' ? [] : [`${`${label}:`.padEnd(11)}${value}\n`],
  );
  if (decision.targets.length === 0) return lines.join('');
  const rows = decision.targets.map(({ team, stack, apps, run }) => [
    team,
    stack,
    apps.join(','),
    run ?? '-',
  ]);
  return `${lines.join('')}\n${renderTable(['TEAM', 'STACK', 'APPS', 'RUN'], rows)}`;
}
