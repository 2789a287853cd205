/** The HTTPS server of the API: authentication, decoding, and the writing of answers. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { stringify } from 'yaml';
import type { ServingCertificate } from '../access/serving-certificate.ts';
import type { ApiContext } from './api-context.ts';
import { tooLarge, type ApiRefusal } from './api-refusal.ts';
import type { RawRequest, ResourceRequest } from './api-request.ts';
import type { ApiOutcome, ApiResponse, JsonResponse, Sink, StreamResponse } from './api-response.ts';
import { handleOther, handleResource, resolveRequest } from './handle-request.ts';
import { negotiate, type Form } from './negotiate.ts';
import { presentList, presentObject } from './present.ts';
import { renderFailure, type StatusSubject } from './render-status.ts';
import { readToEnd } from '../../read-to-end.ts';

/** As etcd and the API server limit a request. */
const BODY_LIMIT_BYTES = 3 * 1024 * 1024;
/** For the rest of a request that is refused. */
const PATIENCE_MS = 5000;
/** Go clients keep an idle connection for 90 s: a server that closes it earlier may close it under a request. */
const KEEP_ALIVE_MS = 120_000;
/** A watcher that leaves more than this unread is dropped; it lists and watches again. */
const STREAM_LIMIT_BYTES = 32 * 1024 * 1024;

const UNAUTHORIZED: ApiRefusal = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
const NOT_ACCEPTABLE: ApiRefusal = {
  code: 406,
  reason: 'NotAcceptable',
  message: 'only the following media types are accepted: application/json, application/yaml',
};
const INTERNAL: ApiRefusal = {
  code: 500,
  reason: 'InternalError',
  message: 'Internal error occurred: see the log of the local cluster',
};

const OPEN_PATHS = new Set(['/healthz', '/livez', '/readyz', '/version']);

const ANONYMOUS = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

const bearerOf = (request: FastifyRequest): string => {
  const { authorization = '' } = request.headers;
  return authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : '';
};

const readRequest = (request: FastifyRequest, identity: RawRequest['identity']): RawRequest => {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s);
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query),
    accept: request.headers.accept ?? '',
    contentType: request.headers['content-type'] ?? 'application/json',
    userAgent: request.headers['user-agent'] ?? '',
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    identity,
  };
};

const subjectOf = (refusal: ApiRefusal, request?: ResourceRequest): StatusSubject => {
  // Without causes kubectl shows either the subject or the message, and the message says why.
  const isWithoutCause = refusal.reason === 'Invalid' && refusal.causes === undefined;
  if (request === undefined || isWithoutCause) return {};
  const { group, resource, kind } = request.definition;
  const name = refusal.name ?? request.target.name;
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: refusal.reason === 'Invalid' ? kind : resource,
  };
};

const sendFailure = (reply: FastifyReply, refusal: ApiRefusal, request?: ResourceRequest): FastifyReply => {
  const status = renderFailure(refusal, subjectOf(refusal, request));
  return reply.code(refusal.code).type('application/json').send(JSON.stringify(status));
};

const createSink = (raw: ServerResponse, closing: AbortSignal): Sink => {
  const left = new AbortController();
  raw.on('close', () => left.abort());
  const gone = AbortSignal.any([left.signal, closing]);
  return {
    write: (chunk) => {
      if (raw.destroyed || raw.writableEnded) return;
      raw.write(chunk);
      if (raw.writableLength > STREAM_LIMIT_BYTES) raw.destroy();
    },
    ready: async () => {
      if (raw.writableNeedDrain) await once(raw, 'drain', { signal: gone }).catch(() => undefined);
    },
    end: () => {
      raw.end();
      left.abort();
    },
    gone,
  };
};

const sendStream = (reply: FastifyReply, response: StreamResponse, closing: AbortSignal): void => {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': response.contentType, 'cache-control': 'no-cache, private' });
  raw.flushHeaders();
  const sink = createSink(raw, closing);
  sink.gone.addEventListener('abort', () => raw.end(), { once: true });
  response.run(sink);
};

const sendBody = (
  reply: FastifyReply,
  code: number,
  body: Record<string, unknown>,
  form: Form,
): FastifyReply =>
  form === 'yaml'
    ? reply.code(code).type('application/yaml').send(stringify(body))
    : reply.code(code).type('application/json').send(JSON.stringify(body));

const quoted = (text: string): string => JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, '?');

const sendResource = (
  reply: FastifyReply,
  request: ResourceRequest,
  response: Extract<ApiResponse, { type: 'object' | 'list' }>,
  { form, now }: { readonly form: Form; readonly now: Date },
): FastifyReply => {
  if (response.type === 'list') return sendBody(reply, 200, presentList(request, response, form, now), form);
  const warnings = (response.warnings ?? []).map((warning) => `299 - ${quoted(warning)}`);
  if (warnings.length > 0) reply.header('warning', warnings);
  return sendBody(reply, response.code, presentObject(request, response.object, form, { now }), form);
};

const sendJson = (
  reply: FastifyReply,
  { code, body, contentType }: JsonResponse,
  form: Form | undefined,
): FastifyReply => {
  if (form === undefined) return sendFailure(reply, NOT_ACCEPTABLE);
  if (contentType === undefined) return sendBody(reply, code, body, form);
  return reply.code(code).header('content-type', contentType).send(JSON.stringify(body));
};

const sendOutcome = (
  context: ApiContext,
  reply: FastifyReply,
  outcome: ApiOutcome,
  { raw, request }: { readonly raw: RawRequest; readonly request?: ResourceRequest },
) => {
  if (!outcome.ok) return sendFailure(reply, outcome.error, request);
  const response = outcome.value;
  const form = negotiate(raw.accept);
  switch (response.type) {
    case 'stream':
      return sendStream(reply, response, context.closing);
    case 'text':
      return reply
        .code(response.code)
        .header('content-type', response.contentType ?? 'text/plain; charset=utf-8')
        .send(response.text);
    case 'json':
      return sendJson(reply, response, form);
    case 'object':
    case 'list':
      if (form === undefined || request === undefined) return sendFailure(reply, NOT_ACCEPTABLE);
      return sendResource(reply, request, response, { form, now: context.now() });
  }
};

const answer = (context: ApiContext, incoming: FastifyRequest, reply: FastifyReply) => {
  const identity = context.authenticator.identify(bearerOf(incoming));
  const raw = readRequest(incoming, identity ?? ANONYMOUS);
  if (identity === undefined && !OPEN_PATHS.has(raw.path)) return sendFailure(reply, UNAUTHORIZED);
  const resolved = resolveRequest(context, raw);
  if (!resolved.ok) return sendOutcome(context, reply, handleOther(context, raw), { raw });
  const request = resolved.value;
  return sendOutcome(context, reply, handleResource(context, request), { raw, request });
};

/** What fastify refuses by itself; everything else is a fault. */
const refusalOf = (fault: unknown): ApiRefusal => {
  if (!(fault instanceof Error) || !('statusCode' in fault) || typeof fault.statusCode !== 'number')
    return INTERNAL;
  if (fault.statusCode === 413) return tooLarge(BODY_LIMIT_BYTES);
  return fault.statusCode >= 500
    ? INTERNAL
    : { code: fault.statusCode, reason: 'BadRequest', message: fault.message };
};

export interface ApiServer {
  /** e.g. `https://127.0.0.1:41234`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on loopback; port 0 picks a free one. Rejects with the system's error when the port is taken. */
export const createApiServer = async (
  context: ApiContext,
  { port, certificate }: { readonly port: number; readonly certificate: ServingCertificate },
): Promise<ApiServer> => {
  const server = fastify({
    https: { ...certificate },
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 8192 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler(async (fault, request, reply) => {
    const refusal = refusalOf(fault);
    if (refusal === INTERNAL) context.log.error({ fault: String(fault) }, 'a request failed');
    await readToEnd(request.raw, PATIENCE_MS);
    return sendFailure(reply, refusal);
  });
  server.all('/*', (request, reply) => answer(context, request, reply));
  const url = await server.listen({ host: '127.0.0.1', port });
  return { url, close: () => server.close() };
};
