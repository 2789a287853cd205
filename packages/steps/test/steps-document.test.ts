/** The README's table has every step, with the tasks that run it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stepNames } from '../src/step-names.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TASKS = join(ROOT, 'tasks');

const tasks = readdirSync(TASKS)
  .map((file) => ({ name: file.replace('.yaml', ''), text: readFileSync(join(TASKS, file), 'utf8') }))
  .toSorted((one, other) => (one.name < other.name ? -1 : 1));

const listTasks = (step: string): string =>
  tasks
    .filter(({ text }) => text.includes(`[tekton-dag, step, ${step}]`))
    .map(({ name }) => name)
    .join(', ');

it('names each step and its tasks', () => {
  const readme = readFileSync(join(ROOT, 'packages/steps/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| ([a-z][a-z-]*) +\| ([a-z][a-z, -]*?) +\|/gm)]
    .map(([, step = '', of = '']) => `${step}: ${of}`)
    .filter((row) => row !== 'step: task');
  expect(rows.toSorted()).toEqual(stepNames.map((step) => `${step}: ${listTasks(step)}`).toSorted());
});
