/** The list of tests for the local cluster alone, the document that shows it and the tests agree. */

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LOCAL_ONLY } from './local-only.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const document = readFileSync(`${here}../../../docs/local-cluster.md`, 'utf8');

it('the document shows every test for the local cluster alone, with its reason', () => {
  const [, table = ''] = /^\| test +\| why +\|\n\|.*\n((?:\|.*\n)*)/m.exec(document) ?? [];
  const rows = table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(Object.fromEntries(rows.map(([, title, reason]) => [title, reason]))).toEqual(LOCAL_ONLY);
});

it('each title of the list is the title of one test or group', () => {
  const tests = globSync(`${here}**/*.test.ts`).map((file) => readFileSync(file, 'utf8'));
  const uses = tests.flatMap((text) =>
    Array.from(text.matchAll(/(?:describe|it)Locally\(\s*'([^']+)'/g), ([, title]) => title ?? ''),
  );
  expect(uses.toSorted()).toEqual(Object.keys(LOCAL_ONLY).toSorted());
});

it('no test asks what cluster it runs on', () => {
  const asking = globSync(`${here}{api,workloads,tekton}/**/*.test.ts`).filter((file) =>
    readFileSync(file, 'utf8').includes('isForeignCluster'),
  );
  expect(asking).toEqual([]);
});
