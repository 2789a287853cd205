/** What GitHub remembers of the deliveries that it made to a hook (GitHub docs, "Repository webhooks"). */

import { z } from 'zod';
import type { HookDeliveryPage, HookScope } from '../forge-client.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeHttp } from '../forge-http.ts';
import { readAnswer } from '../read-answer.ts';
import { repositoryPath } from '../repository-path.ts';

const PAGE_SIZE = 100;

const delivery = z.object({
  id: z.number().int().positive(),
  guid: z.string().min(1).max(128),
  event: z.string().max(64),
  delivered_at: z.iso.datetime({ offset: true }),
});

const withPayload = z.object({ request: z.object({ payload: z.unknown() }) });

export async function listHookDeliveries(
  http: ForgeHttp,
  hook: HookScope,
  cursor: string | undefined,
): Promise<HookDeliveryPage> {
  const query = { per_page: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
  const path = `${hookPath(hook)}/deliveries`;
  const answer = await http.call({ operation: 'list-deliveries', method: 'GET', path, query });
  const next = nextCursor(answer.headers['link'] ?? '');
  const deliveries = readAnswer(z.array(delivery), answer).map(({ id, guid, event, delivered_at: at }) => ({
    id: String(id),
    guid,
    event,
    deliveredAtMs: Date.parse(at),
  }));
  return { deliveries, ...(next === undefined ? {} : { next }) };
}

/** The bytes are not those that were signed: GitHub gives the payload as a part of its own JSON. */
export async function getHookPayload(http: ForgeHttp, hook: HookScope, id: string): Promise<Uint8Array> {
  const path = `${hookPath(hook)}/deliveries/${encodeURIComponent(id)}`;
  const answer = await http.call({ operation: 'get-delivery', method: 'GET', path });
  const { payload } = readAnswer(withPayload, answer).request;
  return Buffer.from(JSON.stringify(payload ?? null));
}

function hookPath({ repository, organization, hookId }: HookScope): string {
  if (repository === undefined && organization === undefined) return '/app/hook';
  if (hookId === undefined) throw new ForgeError('invalid', 'the hook has no id');
  const owner = repository === undefined ? `/orgs/${organization ?? ''}` : repositoryPath(repository);
  return `${owner}/hooks/${hookId}`;
}

/** RFC 8288: `<...?cursor=v1_123&...>; rel="next"`. */
function nextCursor(link: string): string | undefined {
  const url = /<([^>]{1,2048})>;\s*rel="next"/.exec(link)?.[1];
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).searchParams.get('cursor') ?? undefined;
}
