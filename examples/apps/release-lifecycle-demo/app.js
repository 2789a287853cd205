/** release-lifecycle-demo: asks demo-api for the items and says which stage of its life each one is in. */
import { readFileSync } from 'node:fs';
import { fetchDownstream } from './fetch-downstream.js';
import { propagatedHeaders, sessionOf } from './propagation.js';
import { stageOf } from './stage.js';

const { name, version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** The request listener of the app. */
export function createApp(config) {
  return (request, response) => {
    answer(config, request, response).catch((error) => {
      sendJson(response, 502, { app: name, version, error: error.message });
    });
  };
}

async function answer(config, request, response) {
  const [path] = request.url.split('?');
  if (path === '/healthz') return sendJson(response, 200, { app: name, version, status: 'ok' });
  if (path === '/' || path === '/releases')
    return sendJson(response, 200, await readReleases(config, request));
  return sendJson(response, 404, { app: name, version, error: 'there is no such page' });
}

async function readReleases(config, request) {
  const session = sessionOf(request.headers, config);
  if (config.catalogUrl === undefined) return { app: name, version, session, releases: [], downstream: [] };
  const headers = propagatedHeaders(request.headers, config);
  const answer = await fetchDownstream('demo-api', new URL('/items', config.catalogUrl), headers);
  const releases = answer.items.map(({ name: item, version }) => ({
    item,
    version,
    stage: stageOf(version),
  }));
  return { app: name, version, session, releases, downstream: [answer] };
}

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
