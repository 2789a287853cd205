/** How every part of the API behaves: pages, requests sent twice, unchanged answers, the audit log. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';
import { eventually } from './eventually.ts';

let api: ApiRig;

beforeAll(async () => {
  api = await startApiRig();
});
afterAll(async () => api[Symbol.asyncDispose]());

interface RunAnswer {
  readonly name: string;
  readonly state: string;
}

async function listRuns(query = ''): Promise<readonly RunAnswer[]> {
  const runs: RunAnswer[] = JSON.parse(
    await (await api.as('shop-viewer', 'GET', `/api/runs${query}`)).text(),
  );
  return runs;
}

async function createdRuns(): Promise<readonly string[]> {
  const { items } = await pipelineRunsIn(api.rig.client, 'shop-runs').list();
  return items.map(({ metadata }) => metadata.name ?? '');
}

describe('a list', () => {
  const bodies = [1, 2, 3, 4, 5].map((pr_number) => ({ changed_app: 'shop-api', pr_number }));

  it('comes in pages that hold every run once', async () => {
    for (const body of bodies) await api.as('shop-runner', 'POST', '/api/run', { body });
    await eventually(async () => (await listRuns()).length).toBe(5);
    const seen: string[] = [];
    let path: string | undefined = '/api/runs?limit=2&app=shop-api';
    while (path !== undefined) {
      const response: Response = await api.as('shop-viewer', 'GET', path);
      const page: RunAnswer[] = JSON.parse(await response.text());
      expect(page.length).toBeLessThanOrEqual(2);
      seen.push(...page.map(({ name }) => name));
      const link = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
      expect(link === undefined).toBe(response.headers.get('x-next-cursor') === null);
      path = link;
    }
    expect(seen).toEqual((await listRuns()).map(({ name }) => name));
  });

  it('can be narrowed', async () => {
    expect(await listRuns('?pull_request=3')).toHaveLength(1);
    expect(await listRuns('?mode=merge')).toEqual([]);
    expect(await listRuns('?repository=ACME/shop-api&stack=shop-stack')).toHaveLength(5);
    expect(await listRuns('?state=succeeded')).toEqual([]);
  });

  it.each(['x', '%00', encodeURIComponent(Buffer.from('[1]').toString('base64url')), '..%2F'])(
    'refuses a cursor that is not its own: %s',
    async (cursor) => {
      for (const path of ['/api/runs', '/api/deliveries', '/api/audit']) {
        const response = await api.as('shop-admin', 'GET', `${path}?cursor=${cursor}`);
        expect({ path, status: response.status }).toEqual({ path, status: 400 });
      }
    },
  );
});

describe('text that no database holds', () => {
  it.each([
    '/api/runs?team=%00',
    '/api/runs?app=a%0Ab',
    '/api/deliveries?repository=%00',
    '/api/audit?caller=%00',
    '/api/deliveries/github.com/%00',
    '/api/runs/%00/x',
    '/api/test-plan?app=%00',
  ])('is refused: %s', async (path) => {
    const response = await api.as('all-admin', 'GET', path);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('a request with an Idempotency-Key', () => {
  const body = { changed_app: 'shop-api', pr_number: 70 };
  const send = (key: string, sent: object = body, caller: 'shop-runner' | 'shop-admin' = 'shop-runner') =>
    api.as(caller, 'POST', '/api/run', { body: sent, headers: { 'idempotency-key': key } });

  it('is carried out once, and answered the same every time', async () => {
    const first = await send('one');
    const text = await first.text();
    const before = await createdRuns();
    const second = await send('one');
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.status).toBe(first.status);
    expect(await second.text()).toBe(text);
    expect(await createdRuns()).toEqual(before);
  });

  it('sent many times at once makes one run', async () => {
    const before = (await createdRuns()).length;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send('at-once', { ...body, pr_number: 71 })),
    );
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await createdRuns()).toHaveLength(before + 1);
  });

  it('with another body is refused', async () => {
    const refused = await send('one', { ...body, pr_number: 72 });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: 'idempotency-conflict' });
  });

  it('of another caller is another request', async () => {
    const before = (await createdRuns()).length;
    expect((await send('one', body, 'shop-admin')).headers.get('idempotency-replayed')).toBeNull();
    expect(await createdRuns()).toHaveLength(before + 1);
  });

  it('that was refused or failed may be sent again', async () => {
    api.rig.api.failNext({ status: 500, reason: 'InternalError', method: 'POST', path: 'pipelineruns' });
    expect((await send('again')).status).toBe(502);
    expect((await send('again')).status).toBe(200);
  });

  it.each(['a b', 'x'.repeat(256), '\u00E4'])('refuses a key that is none: %.20s', async (key) => {
    expect((await send(key)).status).toBe(400);
  });
});

describe('an answer that has not changed', () => {
  it('is not sent again', async () => {
    const first = await api.as('shop-viewer', 'GET', '/api/stacks');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/".+"$/);
    const second = await api.as('shop-viewer', 'GET', '/api/stacks', { headers: { 'if-none-match': etag } });
    expect({ status: second.status, text: await second.text() }).toEqual({ status: 304, text: '' });
    expect(second.headers.get('etag')).toBe(etag);
  });

  it('is sent to a caller who sees something else', async () => {
    const etag = (await api.as('shop-viewer', 'GET', '/api/stacks')).headers.get('etag') ?? '';
    const other = await api.as('bank-admin', 'GET', '/api/stacks', { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });

  it('is never an answer of POST, or an error', async () => {
    const made = await api.as('shop-runner', 'POST', '/api/bootstrap');
    const missing = await api.as('shop-runner', 'GET', '/api/runs/shop-runs/none');
    expect([made.headers.get('etag'), missing.headers.get('etag')]).toEqual([null, null]);
  });
});

describe('the audit log', () => {
  interface Entry {
    readonly caller: string;
    readonly action: string;
    readonly team: string;
    readonly outcome: string;
    readonly subject: string;
  }
  const read = async (caller: 'shop-admin' | 'all-admin', query = ''): Promise<readonly Entry[]> => {
    const entries: Entry[] = JSON.parse(await (await api.as(caller, 'GET', `/api/audit${query}`)).text());
    return entries;
  };

  it('has what was done, for admins of the team', async () => {
    const made: { pipelinerun: string } = JSON.parse(
      await (await api.as('shop-runner', 'POST', '/api/bootstrap')).text(),
    );
    expect((await read('shop-admin'))[0]).toMatchObject({
      caller: 'token/shop-runner',
      action: 'POST /api/bootstrap',
      team: 'shop',
      outcome: 'allowed',
      subject: `shop-runs/${made.pipelinerun}`,
    });
  });

  it('has what was refused', async () => {
    await api.as('shop-viewer', 'POST', '/api/bootstrap');
    await api.as('shop-admin', 'POST', '/api/reload');
    await api.as('shop-admin', 'POST', '/api/run', { body: { nonsense: true } });
    expect(
      (await read('all-admin', '?limit=3')).map(({ caller, outcome }) => `${caller} ${outcome}`),
    ).toEqual(['token/shop-admin refused', 'token/shop-admin refused', 'token/shop-viewer refused']);
  });

  it('has nothing of reading, and is closed to others', async () => {
    const before = await read('all-admin');
    await listRuns();
    expect(await read('all-admin')).toEqual(before);
    expect((await api.as('shop-runner', 'GET', '/api/audit')).status).toBe(403);
  });
});
