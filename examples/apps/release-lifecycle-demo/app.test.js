import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createApp } from './app.js';
import { readConfig } from './config.js';
import { stageOf } from './stage.js';

async function listen(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

describe('release-lifecycle-demo', () => {
  const seen = [];
  let downstream;
  let app;

  before(async () => {
    downstream = await listen((request, response) => {
      seen.push(request.headers);
      const items = [{ name: 'tea', version: '1.2.0' }];
      response.end(JSON.stringify({ app: 'demo-api', version: '9.9.9', items }));
    });
    app = await listen(createApp(readConfig({ DOWNSTREAM_DEMO_API_URL: downstream.url })));
  });
  after(() => {
    app.close();
    downstream.close();
  });

  it('adds the stage to each item of demo-api', async () => {
    const body = await (await fetch(`${app.url}/releases`)).json();
    assert.deepEqual(body.releases, [{ item: 'tea', version: '1.2.0', stage: 'released' }]);
    assert.equal(body.downstream[0].app, 'demo-api');
  });

  it('passes the session, the baggage and the trace on', async () => {
    const headers = {
      'x-dev-session': 'pr-4',
      baggage: 'dev-session=pr-4',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const body = await (await fetch(`${app.url}/releases`, { headers })).json();
    assert.equal(body.session, 'pr-4');
    for (const [name, value] of Object.entries(headers)) assert.equal(seen.at(-1)[name], value);
  });

  it('knows the session from the baggage alone', async () => {
    const headers = { baggage: 'user=ann, dev-session=pr-42;ttl=1' };
    assert.equal((await (await fetch(app.url, { headers })).json()).session, 'pr-42');
  });

  it('answers 502 and says who failed when the next app is away', async () => {
    const lonely = await listen(createApp(readConfig({ DOWNSTREAM_DEMO_API_URL: 'http://127.0.0.1:1' })));
    const answer = await fetch(`${lonely.url}/releases`);
    assert.equal(answer.status, 502);
    assert.match((await answer.json()).error, /demo-api/);
    lonely.close();
  });
});

describe('the stage of a version', () => {
  it('is candidate before a release, preview below 1.0 and released after', () => {
    assert.equal(stageOf('1.0.0-rc.1'), 'candidate');
    assert.equal(stageOf('0.9.0'), 'preview');
    assert.equal(stageOf('2.0.0'), 'released');
  });
});
