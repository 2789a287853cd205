/** Who may call the API: tokens of all kinds, roles, and what an identity provider that is away means. */

import { rename, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderTokens, startApiRig, tokenOf, TWO_TEAMS, type ApiRig } from './api-rig.ts';
import { eventually } from './eventually.ts';
import { startFakeIdentityProvider, type FakeIdentityProvider } from './fake-identity-provider.ts';
import { API_TOKEN } from './orchestrator-rig.ts';

const SERVICE_ACCOUNT = 'system:serviceaccount:ci:deployer';
const BANK_ACCESS = `access:
  - { role: viewer, groups: [bankers] }
  - { role: runner, users: [jane] }
  - { role: admin, users: ['${SERVICE_ACCOUNT}'] }
`;

let provider: FakeIdentityProvider;
let api: ApiRig;

beforeAll(async () => {
  provider = await startFakeIdentityProvider();
  api = await startApiRig({
    files: { 'teams/bank/team.yaml': TWO_TEAMS['teams/bank/team.yaml'] + BANK_ACCESS },
    env: {
      TEKTON_DAG_OIDC_ISSUER: provider.issuer,
      TEKTON_DAG_TOKEN_REVIEW: 'true',
      TEKTON_DAG_ADMIN_USERS: 'root',
      TEKTON_DAG_ADMIN_GROUPS: 'operators, others',
    },
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

async function statusOf(token: string, method = 'GET', path = '/api/teams'): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${api.rig.url}${path}`, { method, headers })).status;
}

async function teamsOf(token: string): Promise<readonly string[]> {
  const response = await fetch(`${api.rig.url}/api/teams`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return Object.keys(JSON.parse(await response.text()));
}

describe('static tokens', () => {
  it('let in by role', async () => {
    expect(await teamsOf(API_TOKEN)).toEqual(['bank', 'shop']);
    expect(await teamsOf(tokenOf('shop-viewer'))).toEqual(['shop']);
    expect(await teamsOf(tokenOf('all-viewer'))).toEqual(['bank', 'shop']);
    expect(await statusOf(tokenOf('shop-viewer'), 'POST', '/api/bootstrap')).toBe(403);
    expect(await statusOf(tokenOf('shop-runner'), 'POST', '/api/bootstrap')).toBe(200);
    expect(await statusOf(tokenOf('shop-admin'), 'POST', '/api/reload')).toBe(403);
    expect(await statusOf(tokenOf('all-admin'), 'POST', '/api/reload')).toBe(200);
    expect(await statusOf(tokenOf('nobody'))).toBe(403);
  });

  it('a viewer of one team and runner of another runs nothing for the first', async () => {
    const body = { team: 'shop' };
    expect((await api.as('both-viewer', 'POST', '/api/bootstrap', { body })).status).toBe(403);
    expect((await api.as('bank-admin', 'POST', '/api/bootstrap', { body })).status).toBe(404);
  });

  it('change with their file, and a broken file changes nothing', async () => {
    await replaceTokens(renderTokens(['shop-viewer']));
    await eventually(() => statusOf(tokenOf('all-viewer'))).toBe(401);
    await replaceTokens('- { name: x, sha256: "not hex", access: {} }');
    expect(await statusOf(tokenOf('shop-viewer'))).toBe(200);
    await replaceTokens(renderTokens(['shop-viewer', 'all-viewer']));
    await eventually(() => statusOf(tokenOf('all-viewer'))).toBe(200);
  });
});

/** As a mounted Secret changes: another file takes the name. */
async function replaceTokens(text: string): Promise<void> {
  await writeFile(`${api.tokensFile}.new`, text);
  await rename(`${api.tokensFile}.new`, api.tokensFile);
}

describe('tokens of the identity provider', () => {
  it('have the access that teams give to the user and its groups', async () => {
    expect(await teamsOf(await provider.sign({ sub: 'jane' }))).toEqual(['bank']);
    expect(await teamsOf(await provider.sign({ sub: 'joe', groups: ['bankers'] }))).toEqual(['bank']);
    expect(await teamsOf(await provider.sign({ sub: 'joe', groups: 'operators' }))).toEqual(['bank', 'shop']);
    const jane = await provider.sign({ sub: 'jane' });
    expect(await statusOf(jane, 'POST', '/api/bootstrap')).toBe(200);
    const joe = await provider.sign({ sub: 'joe', groups: ['bankers'] });
    expect(await statusOf(joe, 'POST', '/api/bootstrap')).toBe(403);
  });

  it('without any access are known, and forbidden', async () => {
    expect(await statusOf(await provider.sign({ sub: 'stranger' }))).toBe(403);
  });

  const pastS = Math.floor(Date.now() / 1_000) - 120;
  it.each([
    ['for another audience', { aud: 'another' }],
    ['that have ended', { exp: pastS }],
    ['that have no end', { exp: undefined }],
    ['that do not count yet', { nbf: pastS + 600 }],
    ['without a user', { sub: '' }],
    ['with a user that no log can hold', { sub: 'jane\0' }],
    ['with a user without end', { sub: 'x'.repeat(1_000) }],
    ["with a user of Kubernetes' own", { sub: SERVICE_ACCOUNT }],
  ])('%s are refused', async (_what, claims) => {
    expect(await statusOf(await provider.sign({ groups: ['operators'], ...claims }))).toBe(401);
  });

  it('of another issuer, changed, unsigned or signed with a public key are refused', async () => {
    const good = await provider.sign({ groups: ['operators'] });
    const [header = '', payload = '', signature = ''] = good.split('.');
    const root = Buffer.from(JSON.stringify({ iss: provider.issuer, aud: 'tekton-dag', sub: 'root' }));
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await statusOf(good)).toBe(200);
    expect(await statusOf(`${header}.${root.toString('base64url')}.${signature}`)).toBe(401);
    expect(await statusOf(`${none}.${payload}.`)).toBe(401);
    expect(await statusOf(await provider.sign({ sub: 'root' }, { algorithm: 'HS256' }))).toBe(401);
    await using other = await startFakeIdentityProvider();
    expect(await statusOf(await other.sign({ sub: 'root' }))).toBe(401);
    expect(await statusOf(await other.sign({ sub: 'root', iss: provider.issuer }))).toBe(401);
  });

  it('cost the provider one request for its keys, however many come', async () => {
    await using fresh = await startFakeIdentityProvider();
    await using another = await startApiRig({ env: { TEKTON_DAG_OIDC_ISSUER: fresh.issuer } });
    const token = await fresh.sign({ sub: 'x' });
    const ask = () =>
      fetch(`${another.rig.url}/api/teams`, { headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    expect(fresh.keyRequests()).toBe(1);
  });

  it('are answered with 503 while the provider is away, and known when it is back', async () => {
    await using away = await startFakeIdentityProvider();
    away.setBroken(true);
    await using another = await startApiRig({ env: { TEKTON_DAG_OIDC_ISSUER: away.issuer } });
    const headers = { authorization: `Bearer ${await away.sign({ sub: 'x' })}` };
    const ask = () => fetch(`${another.rig.url}/api/teams`, { headers });
    const refused = await ask();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'identity-unavailable' });
    expect((await another.as('all-viewer', 'GET', '/api/teams')).status).toBe(200);
    away.setBroken(false);
    expect((await ask()).status).toBe(403);
  });
});

describe('tokens of Kubernetes', () => {
  it('are reviewed by the API server, once a minute each', async () => {
    api.rig.api.setToken('a-token-of-kubernetes', {
      username: SERVICE_ACCOUNT,
      groups: ['system:authenticated'],
    });
    expect(await teamsOf('a-token-of-kubernetes')).toEqual(['bank']);
    expect(await statusOf('a-token-of-kubernetes', 'POST', '/api/bootstrap')).toBe(200);
    expect(reviewsOf('a-token-of-kubernetes')).toBe(1);
  });

  it('that the API server does not know are refused, without asking twice', async () => {
    expect(await statusOf('nobodys-token')).toBe(401);
    expect(await statusOf('nobodys-token')).toBe(401);
    expect(reviewsOf('nobodys-token')).toBe(1);
  });

  it('of the identity provider never reach the API server', async () => {
    const token = await provider.sign({ sub: 'jane', aud: 'another' });
    expect(await statusOf(token)).toBe(401);
    expect(reviewsOf(token)).toBe(0);
  });

  it('are a fault of the service, not of the caller, when the review is refused', async () => {
    api.rig.api.failNext({ status: 403, reason: 'Forbidden', method: 'POST', path: 'tokenreviews' });
    expect(await statusOf('a-token-to-come')).toBe(502);
  });
});

function reviewsOf(token: string): number {
  return api.rig.api.requests.filter(
    ({ path, body }) => path.endsWith('/tokenreviews') && JSON.stringify(body).includes(token),
  ).length;
}

it('counts what became of tokens', async () => {
  const text = await (await api.as('all-viewer', 'GET', '/metrics')).text();
  expect(text).toMatch(/tekton_dag_authentications_total\{outcome="refused"\} [1-9]/);
  expect(text).toMatch(/tekton_dag_authentications_total\{outcome="accepted"\} [1-9]/);
});
