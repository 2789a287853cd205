/** What the pages call by name is there under this name: commands and their flags, values of the chart, settings, files. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { findChartValue } from './documents/find-chart-value.ts';
import { listCommandFlags } from './documents/list-command-flags.ts';
import { listPages } from './documents/list-pages.ts';
import { findCommands } from './documents/find-commands.ts';

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, '..');
/** Says what was, not what is. */
const HISTORY = 'CHANGELOG.md';
/** Of other programs: a variable that apps read, and the mark of a commit that other servers know. */
const NOT_OURS: ReadonlySet<string> = new Set(['SERVER_PORT', 'NO_CI']);
/** Keys of other files that begin like one of the chart: of an app in a stack file. */
const NOT_VALUES: ReadonlySet<string> = new Set(['tests.command']);
const FILE_NAME = /\.(json|yaml|xml|sh|ts)$/;
const CODE_SPAN = /`([^`\n]+)`/g;

interface Page {
  readonly path: string;
  readonly text: string;
}

let pages: readonly Page[];
let files: readonly string[];
beforeAll(async () => {
  const paths = (await listPages(checkout)).filter((path) => path !== HISTORY);
  pages = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(checkout, path), 'utf8') })),
  );
  files = (await run('git', ['ls-files', '-z'], { cwd: checkout })).stdout.split('\0');
});

const spansOf = ({ text }: Page): readonly string[] =>
  [...text.matchAll(CODE_SPAN)].map(([, span = '']) => span);

/** `page: name` for each name of a page that is not known. */
const listUnknown = (
  namesOf: (page: Page) => readonly string[],
  isKnown: (name: string, page: Page) => boolean,
): readonly string[] =>
  pages.flatMap((page) =>
    [...new Set(namesOf(page))].filter((name) => !isKnown(name, page)).map((name) => `${page.path}: ${name}`),
  );

describe('the pages name', () => {
  it('commands that there are, with flags that they take', async () => {
    const flags = listCommandFlags(
      await readFile(join(checkout, 'packages/cli/test/golden/help.txt'), 'utf8'),
    );
    const uses = pages.flatMap((page) =>
      findCommands(page.text, new Set(flags.keys())).map((use) => ({ ...use, page: page.path })),
    );
    expect(uses.filter(({ named }) => named.length > 0).length).toBeGreaterThan(30);
    const wrong = uses.flatMap(({ page, command, named }) =>
      named
        .filter((flag) => flags.get(command)?.has(flag) !== true)
        .map((flag) => `${page}: ${command} ${flag}`),
    );
    expect(wrong).toEqual([]);
  });

  it('values that the chart has', async () => {
    const schema: unknown = JSON.parse(
      await readFile(join(checkout, 'helm/tekton-dag/values.schema.json'), 'utf8'),
    );
    const wrong = listUnknown(
      (page) => [
        ...spansOf(page).flatMap((span) => /^[a-z]\w*(?:\.\w+)+(?=$|: )/.exec(span)?.[0] ?? []),
        ...[...page.text.matchAll(/--set ([\w.]+)=/g)].map(([, path = '']) => path),
      ],
      (path) =>
        NOT_VALUES.has(path) || FILE_NAME.test(path) || findChartValue(schema, path.split('.')) !== 'missing',
    );
    expect(wrong).toEqual([]);
  });

  it('settings, metrics and codes that the sources know', async () => {
    const sources = files.filter((path) => !path.endsWith('.md') && !path.endsWith('.test.ts'));
    const texts = await Promise.all(
      sources.map((path) => readFile(join(checkout, path), 'utf8').catch(() => '')),
    );
    const known = new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
    const wrong = listUnknown(
      ({ text }) => text.match(/\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b|\btekton_dag_\w+/g) ?? [],
      (name) => known.has(name) || NOT_OURS.has(name),
    );
    expect(wrong).toEqual([]);
  });

  it('files that the checkout has, or that the page itself makes', () => {
    const rooms = new Set(files.map((path) => path.split('/')[0]));
    const isThere = (path: string): boolean =>
      files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
    const wrong = listUnknown(
      (page) =>
        spansOf(page).filter(
          (span) => /^[\w.-]+(\/[\w-][\w.-]*)+\/?$/.test(span) && rooms.has(span.split('/')[0]),
        ),
      (path, { text }) => isThere(path) || new RegExp(`^[^\`\\n]*\\b${path}\\b[^\`\\n]*$`, 'm').test(text),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a name that is wrong', () => {
  it('is noticed in a call', () => {
    const calls =
      'scripts/generate-run.sh --mode pr \\\n  --aply, or `tekton-dag run watch x --wach`; release `tekton-dag`; `tekton-dag run wach`';
    expect(findCommands(calls, new Set(['', 'run', 'run watch', 'run generate']))).toEqual([
      { command: 'run generate', named: ['--mode', '--aply'] },
      { command: 'run watch', named: ['--wach'] },
      { command: 'run', named: ['wach'] },
    ]);
  });

  it('is noticed in values', () => {
    const schema = {
      properties: { image: { $ref: '#/$defs/image' }, labels: { additionalProperties: { type: 'string' } } },
      $defs: { image: { properties: { digest: { type: 'string' } }, additionalProperties: false } },
    };
    expect(findChartValue(schema, ['image', 'digest'])).toBe('there');
    expect(findChartValue(schema, ['image', 'digset'])).toBe('missing');
    expect(findChartValue(schema, ['labels', 'any'])).toBe('there');
    expect(findChartValue(schema, ['plan', 'json'])).toBe('foreign');
  });
});
