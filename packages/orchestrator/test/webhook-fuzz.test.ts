/** Payloads with anything in any of their places: refused or ignored or accepted, never an error of ours. */

import { anything, array, assert, asyncProperty, constantFrom, oneof, string, tuple } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

const PLACES = [
  'action',
  'number',
  'repository',
  'repository.full_name',
  'repository.html_url',
  'pull_request',
  'pull_request.merged',
  'pull_request.merge_commit_sha',
  'pull_request.updated_at',
  'pull_request.user',
  'pull_request.head',
  'pull_request.head.sha',
  'pull_request.head.repo',
  'pull_request.base',
  'pull_request.base.ref',
  'pull_request.title',
];
const HOSTILE = [
  '$(id)',
  '`id`',
  "';--",
  '"',
  '\n',
  '../..',
  '\u0000',
  '__proto__',
  '漢'.repeat(400),
  -1,
  1e308,
  [],
  {},
  null,
];

it('answers every mutated payload with 2xx or 4xx', async () => {
  const mutations = array(
    tuple(constantFrom(...PLACES), oneof(constantFrom(...HOSTILE), string(), anything())),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  await assert(
    asyncProperty(mutations, async (changes) => {
      const payload = changes.reduce(
        (target, [place, value]) => put(target, place.split('.'), value),
        pullRequestPayload(),
      );
      const response = await rig.send(signDelivery(payload, { secret: WEBHOOK_SECRET }));
      await response.arrayBuffer();
      expect([200, 202, 400]).toContain(response.status);
    }),
    { numRuns: 300 },
  );
});

/** A copy with `value` at `path`; a path through something that is no object ends there. */
function put(target: object, [key = '', ...rest]: readonly string[], value: unknown): object {
  const present: unknown = Reflect.get(target, key);
  const inner =
    rest.length > 0 && typeof present === 'object' && present !== null ? put(present, rest, value) : value;
  return { ...target, [key]: inner };
}
