/** pagesOf: every entry of a list that comes in pages, up to a number of pages. */

import { z } from 'zod';
import type { ForgeHttp } from './forge-http.ts';
import type { ForgeRequest } from './forge-request.ts';
import { readAnswer } from './read-answer.ts';

const PAGE_SIZE = 100;

/** `sizeParam` is what the forge calls the size of a page. The last page is the first that is not full. */
export async function pagesOf<S extends z.ZodType>(
  http: ForgeHttp,
  request: ForgeRequest,
  entry: S,
  paging: { readonly sizeParam: 'per_page' | 'limit'; readonly maxPages: number; readonly pageSize?: number },
): Promise<readonly z.output<S>[]> {
  const { sizeParam, maxPages, pageSize = PAGE_SIZE } = paging;
  const all: z.output<S>[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const query = { ...request.query, [sizeParam]: pageSize, page };
    const entries = readAnswer(z.array(entry), await http.call({ ...request, query }));
    all.push(...entries);
    if (entries.length < pageSize) break;
  }
  return all;
}
