/** webhookList: the deliveries that the orchestrator got, newest first. */

import { z } from 'zod';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { deliverySchema, type Delivery } from '../orchestrator/delivery.ts';
import { openServer, type Server } from '../orchestrator/open-server.ts';
import type { ServerOptions } from '../orchestrator/server-options.ts';
import { createDeliveryView } from '../render/delivery-view.ts';
import { renderObjects, type OutputFormat } from '../render/objects.ts';

export interface WebhookListOptions extends ServerOptions {
  readonly state?: string;
  readonly repository?: string;
  readonly event?: string;
  readonly limit: number;
  readonly output?: OutputFormat;
}

const PAGE = 100;

export async function webhookList(host: CliHost, options: WebhookListOptions): Promise<number> {
  const deliveries = await readAll(await openServer(host, options), options);
  if (deliveries.length === 0 && options.output === undefined) {
    host.stderr.write('No deliveries found.\n');
    return EXIT.ok;
  }
  host.stdout.write(await renderObjects(deliveries, createDeliveryView(Date.now()), options.output));
  return EXIT.ok;
}

/** Page by page, until there are `limit`. */
async function readAll(server: Server, options: WebhookListOptions): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  let cursor: string | undefined;
  do {
    const query = queryOf(options, { limit: Math.min(PAGE, options.limit - found.length), cursor });
    const page = await server.get(`/api/deliveries?${query}`, z.array(deliverySchema));
    found.push(...page.value);
    cursor = page.nextCursor;
  } while (cursor !== undefined && found.length < options.limit);
  return found;
}

function queryOf(
  { state, repository, event }: WebhookListOptions,
  page: { readonly limit: number; readonly cursor: string | undefined },
): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...page, state, repository, event })) {
    if (value !== undefined) query.set(key, String(value));
  }
  return query.toString();
}
