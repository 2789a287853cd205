/** Lets only callers in that bear the API token (RFC 6750). */

import type { onRequestAsyncHookHandler } from 'fastify';
import type { Secret } from '../secret.ts';
import { sendProblem } from './problem.ts';

export function requireBearer(token: Secret): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const given = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined && token.equals(given)) return;
    reply.header('www-authenticate', 'Bearer');
    await sendProblem(reply, { status: 401, code: 'unauthorized', title: 'A bearer token is required' });
  };
}
