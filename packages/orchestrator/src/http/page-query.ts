/** Paging by cursor: what a list takes, and how it tells where the next page begins. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** Spread it into the schema of a list's query. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(20),
  cursor: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe('`X-Next-Cursor` of the page before; the other parameters must stay the same.'),
};

/** Tells the next page in `Link` (RFC 8288) and `X-Next-Cursor`; neither at the end. */
export function linkNextPage(request: FastifyRequest, reply: FastifyReply, next: string | undefined): void {
  if (next === undefined) return;
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set('cursor', next);
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`).header('x-next-cursor', next);
}
