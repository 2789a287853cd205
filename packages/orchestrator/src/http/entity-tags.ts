/** addEntityTags: answers of GET bear an ETag, and `If-None-Match` gets 304 when nothing has changed (RFC 9110, section 13). */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';

/** Streams have none. */
export function addEntityTags(scope: FastifyInstance): void {
  scope.addHook('onSend', async (request, reply, payload) => {
    if (!hasTag(request, reply) || typeof payload !== 'string') return payload;
    const tag = `W/"${createHash('sha256').update(payload).digest('base64url')}"`;
    reply.header('etag', tag);
    // What one caller sees another may not: no cache may share it.
    reply.header('cache-control', 'private, no-cache').header('vary', 'authorization');
    if (!names(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}

function hasTag(request: FastifyRequest, reply: FastifyReply): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && reply.statusCode === 200;
}

/** Weak comparison: a list of tags, or `*` for any. */
function names(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((text) => text.trim());
  return tags.includes('*') || tags.includes(tag) || tags.includes(tag.slice(2));
}
