import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createApp } from './app.js';
import { readConfig } from './config.js';

async function listen(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

describe('demo-fe', () => {
  const seen = [];
  let downstream;
  let app;

  before(async () => {
    downstream = await listen((request, response) => {
      seen.push(request.headers);
      const releases = [{ item: '<b>tea</b>', version: '1.0.0', stage: 'released' }];
      response.end(JSON.stringify({ app: 'release-lifecycle-demo', version: '9.9.9', releases }));
    });
    app = await listen(createApp(readConfig({ DOWNSTREAM_RELEASE_LIFECYCLE_DEMO_URL: downstream.url })));
  });
  after(() => {
    app.close();
    downstream.close();
  });

  it('is healthy without asking anybody', async () => {
    const answer = await fetch(`${app.url}/healthz`);
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).app, 'demo-fe');
  });

  it('passes the session, the baggage and the trace on', async () => {
    const headers = {
      'x-dev-session': 'pr-4',
      baggage: 'dev-session=pr-4',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const answer = await fetch(`${app.url}/api/releases`, { headers });
    const body = await answer.json();
    assert.equal(body.session, 'pr-4');
    assert.equal(body.downstream[0].app, 'release-lifecycle-demo');
    for (const [name, value] of Object.entries(headers)) assert.equal(seen.at(-1)[name], value);
  });

  it('sends no session when it got none', async () => {
    await fetch(`${app.url}/api/releases`);
    assert.equal(seen.at(-1)['x-dev-session'], undefined);
  });

  it('escapes what the page shows', async () => {
    const html = await (await fetch(app.url)).text();
    assert.match(html, /&lt;b&gt;tea/);
    assert.doesNotMatch(html, /<b>tea/);
  });

  it('answers 404 for a page that does not exist', async () => {
    assert.equal((await fetch(`${app.url}/nothing`)).status, 404);
  });

  it('answers 502 and says who failed when the next app is away', async () => {
    const lonely = await listen(
      createApp(readConfig({ DOWNSTREAM_RELEASE_LIFECYCLE_DEMO_URL: 'http://127.0.0.1:1' })),
    );
    const answer = await fetch(`${lonely.url}/api/releases`);
    assert.equal(answer.status, 502);
    assert.match((await answer.json()).error, /release-lifecycle-demo/);
    lonely.close();
  });
});
