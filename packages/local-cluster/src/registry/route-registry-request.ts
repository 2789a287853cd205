/** Sends each request of the OCI distribution API to its handler. */

import { deleteBlob, getBlob } from './handle-blobs.ts';
import { deleteManifest, getManifest, getReferrers, getTags, putManifest } from './handle-manifests.ts';
import { cancelUpload, finishUpload, getUpload, patchUpload, startUpload } from './handle-uploads.ts';
import type { RegistryCall, RegistryExchange } from './registry-call.ts';
import { RegistryError } from './registry-error.ts';

type Handler = (call: RegistryCall) => Promise<void>;

interface Route {
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, Handler>>;
}

const ROUTES: readonly Route[] = [
  { path: /^\/v2\/(.+)\/blobs\/uploads\/?()$/, methods: { POST: startUpload } },
  {
    path: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
    methods: { PATCH: patchUpload, PUT: finishUpload, GET: getUpload, DELETE: cancelUpload },
  },
  { path: /^\/v2\/(.+)\/blobs\/([^/]+)$/, methods: { GET: getBlob, HEAD: getBlob, DELETE: deleteBlob } },
  {
    path: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    methods: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
  },
  { path: /^\/v2\/(.+)\/tags\/list()$/, methods: { GET: getTags } },
  { path: /^\/v2\/(.+)\/referrers\/([^/]+)$/, methods: { GET: getReferrers } },
];

/** Answers the request; throws RegistryError for what it refuses. */
export async function routeRegistryRequest(exchange: RegistryExchange): Promise<void> {
  const url = new URL(exchange.request.url ?? '/', 'http://registry');
  if (url.pathname === '/v2' || url.pathname === '/v2/') {
    exchange.response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    return;
  }
  for (const { path, methods } of ROUTES) {
    const match = path.exec(url.pathname);
    if (match === null) continue;
    const handler = methods[exchange.request.method ?? ''];
    if (handler === undefined) throw new RegistryError('UNSUPPORTED', 'no such method here');
    return await handler({ ...exchange, ...readPath(match), query: url.searchParams });
  }
  throw new RegistryError('NAME_UNKNOWN', 'no such path');
}

function readPath([, repository = '', reference = '']: RegExpExecArray): Pick<
  RegistryCall,
  'repository' | 'reference'
> {
  // A digest may come with an escaped colon; nothing else that is legal is escaped.
  return { repository, reference: reference.replace(/%3a/i, ':') };
}
