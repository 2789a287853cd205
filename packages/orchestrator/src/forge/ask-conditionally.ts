/** askConditionally: asks for what we have already only if it changed (RFC 9110, section 13.1.2); GitHub counts no 304. */

import type { ETagCache } from './etag-cache.ts';
import type { ForgeAnswer, ForgeRequest } from './forge-request.ts';

/** What `ask` resolves with has a status below 400. Only requests that read are kept. */
export async function askConditionally(
  cache: ETagCache,
  request: ForgeRequest,
  ask: (headers: Readonly<Record<string, string>>) => Promise<ForgeAnswer>,
): Promise<ForgeAnswer> {
  if (request.method !== 'GET') return ask({});
  const key = `${request.path} ${JSON.stringify(request.query ?? {})}`;
  const known = cache.get(key);
  const answer = await ask(known === undefined ? {} : { 'if-none-match': known.etag });
  if (answer.status === 304 && known !== undefined) return known.answer;
  const { etag } = answer.headers;
  if (etag !== undefined) cache.put(key, etag, answer);
  return answer;
}
