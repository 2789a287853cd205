/** handleRequest: one request to the fake API server, answered from its store. */

import type { ServerResponse } from 'node:http';
import type { GenericObject } from '../kube-object.ts';
import type { SeenRequest } from './seen-request.ts';
import { collectionOf, type FakeStore } from './fake-store.ts';
import { createMatcher } from './create-matcher.ts';
import { mergePatch } from './merge-patch.ts';
import { parseTarget, type Target } from './parse-target.ts';
import type { WatchHub } from './watch-hub.ts';

export type { Target } from './parse-target.ts';

/** A refusal to come; without `method` or `path` it meets any request. */
export interface PlannedFailure {
  readonly status: number;
  readonly reason: string;
  readonly method?: string;
  /** Text that the path and query must contain, e.g. `watch=true`. */
  readonly path?: string;
}

export interface ServerState {
  readonly store: FakeStore;
  readonly watches: WatchHub;
  readonly failures: PlannedFailure[];
  readonly logs: ReadonlyMap<string, string>;
  /** The next logs are cut off after so many characters, one number each. */
  readonly logCuts: number[];
  /** Bearer token to the user that a TokenReview tells. */
  readonly users: ReadonlyMap<string, TokenUser>;
}

/** As `status.user` of a TokenReview. */
export interface TokenUser {
  readonly username: string;
  readonly groups: readonly string[];
}

interface Exchange {
  readonly state: ServerState;
  readonly request: SeenRequest;
  readonly response: ServerResponse;
  readonly target: Target;
}

/** Answers the request; a planned failure is used up by the first request that it meets. */
export function handleRequest(state: ServerState, request: SeenRequest, response: ServerResponse): void {
  const url = `${request.path}?${request.query.toString()}`;
  const index = state.failures.findIndex(
    ({ method, path }) => (method ?? request.method) === request.method && url.includes(path ?? ''),
  );
  const [failure] = index < 0 ? [] : state.failures.splice(index, 1);
  if (failure !== undefined) return refuse(response, failure.status, failure.reason);
  if (request.path === '/version') return answer(response, 200, { gitVersion: 'v1.34.0+fake' });
  const target = parseTarget(request.path);
  if (target === undefined) return refuse(response, 404, 'NotFound');
  const exchange = { state, request, response, target };
  if (target.name === undefined) serveCollection(exchange);
  else serveObject(exchange, target.name);
}

function serveCollection(exchange: Exchange): void {
  const { request, response } = exchange;
  if (request.method === 'GET')
    return request.query.has('watch') ? serveWatch(exchange) : serveList(exchange);
  if (request.method === 'POST') return serveCreate(exchange);
  if (request.method === 'DELETE') return serveDeleteCollection(exchange);
  refuse(response, 405, 'MethodNotAllowed');
}

/** The continue token is `<version>:<offset>`. */
function serveList({ state, request, response, target }: Exchange): void {
  const [version = state.store.version, offset = 0] = (request.query.get('continue') ?? '')
    .split(':')
    .filter((part) => part !== '')
    .map(Number);
  if (version < state.store.compactedAt) return refuse(response, 410, 'Expired');
  const limit = Number(request.query.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
  const found = state.store.list(target).filter(createMatcher(request.query));
  const metadata = {
    resourceVersion: String(version),
    ...(offset + limit < found.length ? { continue: `${version}:${offset + limit}` } : {}),
  };
  answer(response, 200, { kind: 'List', metadata, items: found.slice(offset, offset + limit) });
}

function serveWatch({ state, request, response, target }: Exchange): void {
  const asked = request.query.get('resourceVersion');
  const version = asked === null ? state.store.version : Number(asked);
  if (version < state.store.compactedAt) return refuse(response, 410, 'Expired');
  const matches = createMatcher(request.query);
  state.watches.add(
    { collection: collectionOf(target), namespace: target.namespace, matches },
    version,
    response,
  );
}

function serveCreate({ state, request, response, target }: Exchange): void {
  const object = readObject(request.body);
  const name = object.metadata?.name ?? `${object.metadata?.generateName ?? 'x-'}${state.store.version}`;
  if (state.store.get(target, name) !== undefined) return refuse(response, 409, 'AlreadyExists');
  if (target.plural === 'tokenreviews') return answer(response, 201, reviewToken(state, object));
  const created = state.store.put(target, { ...object, metadata: { ...object.metadata, name } });
  answer(response, 201, created);
}

/** Kept nowhere, as the real one is. */
function reviewToken({ users }: ServerState, review: GenericObject): GenericObject {
  const spec = readObject(review['spec']);
  const user = users.get(String(spec['token']));
  return { ...review, status: user === undefined ? { authenticated: false } : { authenticated: true, user } };
}

function serveDeleteCollection({ state, request, response, target }: Exchange): void {
  for (const object of state.store.list(target).filter(createMatcher(request.query))) {
    const namespace = object.metadata?.namespace;
    state.store.remove({ ...target, namespace }, object.metadata?.name ?? '');
  }
  answer(response, 200, { kind: 'Status', status: 'Success' });
}

function serveObject(exchange: Exchange, name: string): void {
  const { state, request, response, target } = exchange;
  const present = state.store.get(target, name);
  if (request.method === 'PATCH') return servePatch(exchange, present, name);
  if (present === undefined) return refuse(response, 404, 'NotFound');
  if (request.method === 'GET') return serveGet(exchange, present);
  if (request.method === 'PUT') return serveReplace(exchange, present);
  if (request.method === 'DELETE') return serveDelete(exchange, present, name);
  refuse(response, 405, 'MethodNotAllowed');
}

/** Server-side apply creates what is not there; the other patches do not. */
function servePatch(exchange: Exchange, present: GenericObject | undefined, name: string): void {
  const { state, request, response, target } = exchange;
  const applies = request.headers['content-type'] === 'application/apply-patch+yaml';
  if (present === undefined && !applies) return refuse(response, 404, 'NotFound');
  const expected = readObject(request.body).metadata?.resourceVersion;
  if (expected !== undefined && expected !== present?.metadata?.resourceVersion) {
    return refuse(response, 409, 'Conflict');
  }
  const merged = readObject(mergePatch(present ?? { metadata: { name } }, request.body));
  answer(response, 200, state.store.put(target, merged));
}

function serveGet({ state, request, response, target }: Exchange, present: GenericObject): void {
  if (target.subresource !== 'log') return answer(response, 200, present);
  response.writeHead(200, { 'content-type': 'text/plain' });
  const pod = request.path.replace(/\/log$/, '');
  const text = state.logs.get(`${pod}#${request.query.get('container')}`) ?? state.logs.get(pod) ?? '';
  const cut = state.logCuts.shift();
  if (cut === undefined) response.end(text);
  else response.write(text.slice(0, cut), () => response.destroy());
}

function serveReplace({ state, request, response, target }: Exchange, present: GenericObject): void {
  const object = readObject(request.body);
  const version = object.metadata?.resourceVersion;
  if (version !== undefined && version !== present.metadata?.resourceVersion) {
    return refuse(response, 409, 'Conflict');
  }
  answer(response, 200, state.store.put(target, object));
}

function serveDelete(
  { state, request, response, target }: Exchange,
  present: GenericObject,
  name: string,
): void {
  const uid = readPreconditionUid(request.body);
  if (uid !== undefined && uid !== present.metadata?.uid) return refuse(response, 409, 'Conflict');
  state.store.remove(target, name);
  answer(response, 200, { kind: 'Status', status: 'Success' });
}

function readPreconditionUid(body: unknown): unknown {
  const options = readObject(body);
  const preconditions = options['preconditions'];
  return typeof preconditions === 'object' && preconditions !== null && 'uid' in preconditions
    ? preconditions.uid
    : undefined;
}

/** The fake trusts its tests: whatever is an object counts as one. */
function readObject(body: unknown): GenericObject {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  answer(response, code, { kind: 'Status', status: 'Failure', code, reason, message: `refused: ${reason}` });
}
