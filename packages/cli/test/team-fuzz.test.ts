/** Whatever lies in the folders of teams, `tekton-dag team validate` says what is wrong, and where, and ends. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runInProcess } from './cli-rig.ts';

const RUNS = 150;
const TEAM = `# a comment
name: &name shop
namespace: *name
imageRegistry: "ghcr.io/acme"
registryMirrors: { docker.io: mirror.example/hub }
maxConcurrentRuns: 3
gitUrl: https://git.example/acme/platform
access:
  - role: viewer
    users: [ann]
stacks:
  - stacks/shop.yaml
`;
const VALUES = `image: { tag: '1' }
apps:
  namespaces: [shop-apps]
  serviceAccounts: { create: true }
orchestrator:
  replicas: 1
  ingress: { enabled: true, host: ci.example.com }
teams: []
stackFiles: {}
`;
const STACK = `name: shop
defaults: { namespace: shop-apps }
apps:
  - { name: web, repo: acme/web, role: standalone }
`;
const FILES = ['teams/shop/team.yaml', 'teams/shop/values.yaml', 'stacks/shop.yaml'] as const;
const GOOD = [TEAM, VALUES, STACK];

/** What YAML readers stumble over. */
const PIECES = [
  ...'\t|\0|\r\n|\u{FEFF}|\u2028|---|...|%YAML 1.1|? |: |- |<<: *name|*none|&a [*a]|!!binary |!!js/x |__proto__: 1'.split(
    '|',
  ),
  ...'|constructor|toString|no|010|1_0|~|.nan|{|}|[|]|"|\'|>|2026-01-01|😀|name: again\n|'.split('|'),
  '\u001B[31m',
  '\u009B31m',
  '"\\e[31m\\x9B\\u202E"',
  '['.repeat(3_000),
  'x: '.repeat(40),
  '&a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n',
];

const change = fc.record({
  file: fc.nat({ max: FILES.length - 1 }),
  at: fc.nat({ max: 400 }),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(
    fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  ),
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-team-fuzz-'));
  await mkdir(join(directory, 'teams/shop'), { recursive: true });
  await mkdir(join(directory, 'stacks'));
});
afterAll(() => rm(directory, { recursive: true }));

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

async function writeChanged(changes: readonly Change[]): Promise<void> {
  const texts = GOOD.map((text) => Buffer.from(text));
  for (const { file, at, remove, insert } of changes) {
    const text = texts[file] ?? Buffer.alloc(0);
    texts[file] = Buffer.concat([text.subarray(0, at), insert, text.subarray(at + remove)]);
  }
  await Promise.all(FILES.map((file, index) => writeFile(join(directory, file), texts[index] ?? '')));
}

it('takes the files as they are', async () => {
  await writeChanged([]);
  expect(await runInProcess(['team', 'validate'], directory)).toMatchObject({ code: 0, stderr: '' });
});

it('never fails in a way of its own', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      await writeChanged(changes);
      const { code, stdout, stderr } = await runInProcess(['team', 'validate'], directory);
      const lines = stdout.trimEnd().split('\n');
      const problems = lines.filter((line) => !line.endsWith(': VALID'));
      const errors = problems.filter((line) => line.startsWith('error: '));
      expect({ code, stderr }).toEqual(
        errors.length === 0
          ? { code: 0, stderr: '' }
          : {
              code: 3,
              stderr: `error: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'} found\n`,
            },
      );
      expect(stdout).not.toMatch(/[^\P{Cc}\n\t]/u);
      for (const line of problems) {
        expect(line).toMatch(
          /^(?:error|warning): (?:teams\/shop\/(?:team|values)|stacks\/[^:]+)\.yaml:\d+:\d+: \S/,
        );
      }
    }),
    { numRuns: RUNS },
  );
});
