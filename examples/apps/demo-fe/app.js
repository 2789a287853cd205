/** demo-fe: the shop window. A page for people, and /api for programs; both ask release-lifecycle-demo. */
import { readFileSync } from 'node:fs';
import { fetchDownstream } from './fetch-downstream.js';
import { renderPage } from './page.js';
import { propagatedHeaders, sessionOf } from './propagation.js';

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
  if (path === '/') return sendHtml(response, renderPage(await readReleases(config, request)));
  if (path === '/api/releases') return sendJson(response, 200, await readReleases(config, request));
  return sendJson(response, 404, { app: name, version, error: 'there is no such page' });
}

async function readReleases(config, request) {
  const session = sessionOf(request.headers, config);
  if (config.releasesUrl === undefined) return { app: name, version, session, releases: [], downstream: [] };
  const headers = propagatedHeaders(request.headers, config);
  const answer = await fetchDownstream(
    'release-lifecycle-demo',
    new URL('/releases', config.releasesUrl),
    headers,
  );
  return { app: name, version, session, releases: answer.releases, downstream: [answer] };
}

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendHtml(response, html) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(html);
}
