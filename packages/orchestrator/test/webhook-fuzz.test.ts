/**
 * Signed payloads of every event of both forges with hostile values at the places that are read, and bodies of the API:
 * always an answer below 500, and a service that works afterwards. 2,000 mutations in all.
 */

import { anything, array, assert, asyncProperty, constantFrom, json, oneof, string, tuple } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import {
  commentPayload,
  mergeGroupPayload,
  onGitea,
  pullRequestPayload,
  pushPayload,
  signDelivery,
  signGiteaDelivery,
  type SignedDelivery,
} from '../src/testing/index.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

const REPOSITORY_PLACES = ['action', 'repository', 'repository.full_name', 'repository.html_url'];
const PULL_REQUEST_PLACES = [
  ...REPOSITORY_PLACES,
  'number',
  'sender',
  'pull_request',
  'pull_request.merged',
  'pull_request.merge_commit_sha',
  'pull_request.updated_at',
  'pull_request.user',
  'pull_request.user.type',
  'pull_request.head',
  'pull_request.head.sha',
  'pull_request.head.repo',
  'pull_request.base',
  'pull_request.base.ref',
  'pull_request.title',
  'pull_request.body',
  'pull_request.draft',
  'pull_request.labels',
  'changes',
];
const COMMENT_PLACES = [
  ...REPOSITORY_PLACES,
  'issue',
  'issue.number',
  'issue.pull_request',
  'comment',
  'comment.id',
  'comment.body',
  'comment.user',
  'comment.user.login',
  'comment.updated_at',
  'sender',
];
const PUSH_PLACES = [...REPOSITORY_PLACES, 'ref', 'before', 'after', 'deleted', 'head_commit', 'commits'];
const MERGE_GROUP_PLACES = [
  ...REPOSITORY_PLACES,
  'merge_group',
  'merge_group.head_sha',
  'merge_group.base_ref',
];

interface Event {
  readonly name: string;
  readonly payload: () => object;
  readonly places: readonly string[];
}

const EVENTS: readonly Event[] = [
  { name: 'pull_request', payload: () => pullRequestPayload(), places: PULL_REQUEST_PLACES },
  { name: 'issue_comment', payload: () => commentPayload({ body: '/test' }), places: COMMENT_PLACES },
  { name: 'push', payload: () => pushPayload(), places: PUSH_PLACES },
  { name: 'merge_group', payload: () => mergeGroupPayload(), places: MERGE_GROUP_PLACES },
];

const HOSTILE = [
  '$(id)',
  '`id`',
  "';--",
  '"',
  '\n',
  '../..',
  '\u0000',
  '\ud800',
  '__proto__',
  '/ok-to-test 0000000',
  '/test\n'.repeat(2_000),
  'https://169.254.169.254/acme/demo-api',
  '漢'.repeat(400),
  -1,
  1e308,
  [],
  {},
  null,
];
const RUNS_OF_EACH = 200;

function mutationsOf(places: readonly string[]) {
  const change = tuple(constantFrom(...places), oneof(constantFrom(...HOSTILE), string(), anything()));
  return array(change, { minLength: 1, maxLength: 4 });
}

async function expectSound(path: string, { headers, body }: SignedDelivery): Promise<void> {
  const response = await fetch(`${rig.url}${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
  await response.arrayBuffer();
  expect([200, 202, 400, 401, 404]).toContain(response.status);
}

describe.each(EVENTS)('mutated payloads of event $name', ({ name, payload, places }) => {
  it('of GitHub are answered with 2xx or 4xx', async () => {
    const property = asyncProperty(mutationsOf(places), async (changes) => {
      const signed = signDelivery(mutate(payload(), changes), { secret: WEBHOOK_SECRET, event: name });
      await expectSound('/webhook/github', signed);
    });
    await assert(property, { numRuns: RUNS_OF_EACH });
  });

  it('of Gitea are answered with 2xx or 4xx', async () => {
    const property = asyncProperty(mutationsOf(places), async (changes) => {
      const moved = mutate(onGitea(payload()), changes);
      await expectSound('/webhook/gitea', signGiteaDelivery(moved, { secret: WEBHOOK_SECRET, event: name }));
    });
    await assert(property, { numRuns: RUNS_OF_EACH });
  });
});

it('answers paths by any name with 4xx, whatever the name', async () => {
  const property = asyncProperty(oneof(string(), constantFrom('..', '%2e%2e', '__proto__')), async (name) => {
    const path = `/webhook/github/${encodeURIComponent(name)}`;
    const { headers, body } = signDelivery(pullRequestPayload(), { secret: 'somebody else’s secret' });
    const response = await fetch(`${rig.url}${path}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    expect([401, 404]).toContain(response.status);
  });
  await assert(property, { numRuns: 100 });
});

it('answers any JSON to the API with 2xx or 4xx', async () => {
  const paths = ['/api/run', '/api/bootstrap', '/api/graph/ingest', '/api/reload'];
  await assert(
    asyncProperty(constantFrom(...paths), json(), async (path, body) => {
      const response = await rig.call('POST', path, body);
      await response.arrayBuffer();
      expect(response.status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

it('works as before afterwards', async () => {
  const answer = await rig.deliver(pullRequestPayload({ number: 424_242 }));
  expect(answer).toMatchObject({ code: 202, status: 'accepted' });
  const names = async () => (await rig.runs()).map(({ metadata }) => metadata.name);
  await eventually(names).toContain(answer.pipelinerun);
});

function mutate(payload: object, changes: readonly (readonly [string, unknown])[]): object {
  return changes.reduce((target, [place, value]) => put(target, place.split('.'), value), payload);
}

/** A copy with `value` at `path`; a path through something that is no object ends there. */
function put(target: object, [key = '', ...rest]: readonly string[], value: unknown): object {
  const present: unknown = Reflect.get(target, key);
  const inner =
    rest.length > 0 && typeof present === 'object' && present !== null ? put(present, rest, value) : value;
  return { ...target, [key]: inner };
}
