/** Whatever is in the texts of a team, the chart refuses it in the words of the program, or both take it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { listTeamTexts, type TeamText } from '@tekton-dag/cli';
import { parseTeam } from '@tekton-dag/model';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderRelease } from './rig/render-release.ts';

const TEAMS = 200;

const GOOD = [
  'main',
  'shop',
  'localhost:5000',
  'ghcr.io/acme',
  'https://git.example.com/acme/platform',
  'ann@example.com',
];
const SIGNS = String.raw`- Shop ../x.yaml /etc/x.yaml a..b --x ext::sh ghcr.io/acme/ "quoted" back\slash <b>&amp; é 日本 $(id) %s it's [bot] # &x *x !x | > @`;
const BAD = [
  ...SIGNS.split(' '),
  '',
  ' ',
  'A b',
  'two\nlines',
  'tab\t',
  '{{ .Values }}',
  'a: b',
  'https://me:hunter2@npm.example.com/x?y',
  'x'.repeat(300),
  'é'.repeat(79),
  'é'.repeat(300),
  '😀'.repeat(50),
  'a\0\b\f\u001B',
  'a\u2028b\u2029',
];
const text = fc.constantFrom(...GOOD, ...BAD);

type Json = string | number | readonly Json[] | { readonly [key: string]: Json };

/** What stands at the end of the steps, made of one text or a few. */
function valueAlong([step, ...rest]: readonly string[], texts: readonly string[]): Json {
  const [first = ''] = texts;
  if (step === undefined) return first;
  if (step === '{key}') return Object.fromEntries(texts.map((key) => [key, 'mirror.example.com']));
  if (step === '{}')
    return Object.fromEntries(texts.map((one, index) => [`registry-${index}.example.com`, one]));
  if (step !== '[]') return { [step]: valueAlong(rest, texts) };
  return rest.length === 0 ? texts : [{ role: 'viewer', ...asMap(valueAlong(rest, texts)) }];
}

function asMap(value: Json): Readonly<Record<string, Json>> {
  return z.record(z.string(), z.custom<Json>()).parse(value);
}

/** The stack files and the namespace of a team are looked at beyond their form. */
const places = listTeamTexts().filter(({ steps: [key] }) => key !== 'stacks' && key !== 'namespace');

interface Choice {
  readonly place: TeamText;
  readonly texts: readonly string[];
}

const choices: fc.Arbitrary<readonly Choice[]> = fc.uniqueArray(
  fc.record({
    place: fc.constantFrom(...places),
    texts: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 4, selector: ({ place: { steps } }) => steps[0] },
);

function teamOf(chosen: readonly Choice[], index: number): Readonly<Record<string, Json>> {
  const base = {
    name: `team-${index}`,
    imageRegistry: 'ghcr.io/acme',
    stacks: [],
    gitUrl: 'https://github.com/acme/platform',
  };
  const parts = chosen.map(({ place, texts }) => asMap(valueAlong(place.steps, texts)));
  const team = Object.assign({}, base, ...parts);
  // No two of one name.
  return chosen.some(({ place: { steps } }) => steps[0] === 'name')
    ? { ...team, name: `${team.name}.${index}` }
    : team;
}

function wordsOfProgram(team: Readonly<Record<string, Json>>): readonly string[] {
  const parsed = parseTeam(JSON.stringify(team), 'team.yaml');
  return parsed.ok ? [] : parsed.error.map(({ message, hint }) => `${message} (${hint})`).toSorted();
}

/** YAML 1.1, which Helm reads, takes more for line breaks than JSON does. */
function escapeBreaks(json: string): string {
  return json.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);
}

/** By the place of the team in the list. */
async function wordsOfChart(
  teams: readonly Readonly<Record<string, Json>>[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const root = await mkdtemp(join(tmpdir(), 'tekton-dag-words-'));
  try {
    const file = join(root, 'values.json');
    await writeFile(file, escapeBreaks(JSON.stringify({ teams })));
    const { stderr } = await renderRelease({ files: [file] });
    expect(stderr).toContain('the values cannot be used:');
    const lines = [...stderr.matchAll(/^teams\[(\d+)\]\.[^:]*?: (.*)$/gm)];
    const told = Map.groupBy(lines, ([, index]) => Number(index));
    return new Map(
      [...told].map(([index, group]) => [index, group.map(([, , words = '']) => words).toSorted()]),
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describeWithHelm('teams of any texts', () => {
  it(
    'are refused in the same words by chart and program, or taken by both',
    { timeout: 300_000 },
    async () => {
      const teams = fc.sample(choices, TEAMS).map(teamOf);
      const told = await wordsOfChart(teams);
      for (const [index, team] of teams.entries()) {
        expect(told.get(index) ?? [], JSON.stringify(team)).toEqual(wordsOfProgram(team));
      }
      expect(told.size).toBeGreaterThan(TEAMS / 4);
      expect(told.size).toBeLessThan(TEAMS);
    },
  );
});
