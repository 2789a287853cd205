/** Go's engine of regular expressions, which the chart has, and ours agree about every text of a team file. */

import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { listTeamTexts } from '@tekton-dag/cli';
import { listFormats } from '@tekton-dag/model';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { CHART, runHelm } from './rig/render-release.ts';

const TEXTS_PER_FORMAT = 2_000;

const SIGNS = String.raw`a B 0 9 - _ __ . .. / // : @ @{ ~ ^ ? * \ [ ] .lock .yaml .yml stacks main ../ ./ [bot] % + " ' $ ( ) { }`;
const NAMES = 'https:// http:// ssh:// file:// git@ localhost :5000 :0 @sha256: é ı 😀';
/** White space and control characters, which the two engines could take differently. */
const BLANKS =
  ' \t\n\r\v\f\0\u001B\u007F\u0085\u00A0\u1680\u180E\u2000\u200A\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF\u212A';
const PARTS = [SIGNS.split(' '), NAMES.split(' '), BLANKS.split(''), 'f'.repeat(64)].flat();
/** Around the limits of lengths. */
const LENGTHS = [
  38, 39, 40, 61, 62, 63, 64, 99, 100, 101, 127, 128, 129, 251, 252, 253, 254, 255, 256, 257, 1_001,
];

const texts = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...PARTS), { maxLength: 7 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...LENGTHS),
        fc.constantFrom('a', 'a-', 'a.', '/a', '😀'),
        fc.constantFrom('', 'a', '.yaml'),
      )
      .map(([length, part, end]) => `${part.repeat(length).slice(0, length)}${end}`.toWellFormed()),
  },
);

/** Some of them good, where fast-check can make such from the pattern. */
function textsFor(pattern: RegExp): fc.Arbitrary<string> {
  const isPlain = !pattern.unicode && !pattern.source.includes('(?!');
  return isPlain ? fc.oneof(texts, fc.stringMatching(pattern)) : texts;
}

/** A chart that tells for each text whether the rules take it. */
const TEMPLATE = `
{{- $rules := .Files.Get "team-rules.yaml" | fromYaml }}
{{- $verdicts := dict }}
{{- range $name, $texts := .Files.Get "texts.json" | mustFromJson }}
{{- $format := get $rules.formats $name }}
{{- $good := list }}
{{- range $text := $texts }}
{{- $isGood := mustRegexMatch $format.allow $text }}
{{- range $format.deny }}{{ $isGood = and $isGood (not (mustRegexMatch . $text)) }}{{ end }}
{{- $good = append $good $isGood }}
{{- end }}
{{- $_ := set $verdicts $name $good }}
{{- end }}
{{ toJson $verdicts }}
`;

async function judgeWithGo(byFormat: Readonly<Record<string, readonly string[]>>) {
  const root = await mkdtemp(join(tmpdir(), 'tekton-dag-patterns-'));
  try {
    await mkdir(join(root, 'templates'));
    await writeFile(join(root, 'Chart.yaml'), 'apiVersion: v2\nname: patterns\nversion: 0.1.0\n');
    await writeFile(join(root, 'templates/verdicts.yaml'), TEMPLATE);
    await writeFile(join(root, 'texts.json'), JSON.stringify(byFormat));
    await copyFile(join(CHART, 'files/team-rules.yaml'), join(root, 'team-rules.yaml'));
    const { stdout, stderr } = await runHelm(['template', 'patterns', root]);
    expect(stderr).toBe('');
    return z.record(z.string(), z.array(z.boolean())).parse(parse(stdout));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describeWithHelm('the patterns of files/team-rules.yaml', () => {
  it('take and refuse the same texts in the chart and in the program', async () => {
    const formats = Object.entries(listFormats());
    const used = [...new Set(listTeamTexts().map(({ format }) => format))];
    const byFormat = Object.fromEntries(
      formats.flatMap(([name, { pattern }]) =>
        used.includes(name) ? [[name, fc.sample(textsFor(pattern), TEXTS_PER_FORMAT)]] : [],
      ),
    );
    const verdicts = await judgeWithGo(byFormat);

    const differing = formats.flatMap(([name, { pattern }]) =>
      (byFormat[name] ?? []).filter((text, index) => pattern.test(text) !== verdicts[name]?.[index]),
    );
    expect(differing.map((text) => JSON.stringify(text))).toEqual([]);
    for (const [name, { pattern }] of formats.filter(([name]) => used.includes(name))) {
      expect(
        byFormat[name]?.some((text) => pattern.test(text)),
        `some are good: ${name}`,
      ).toBe(true);
      expect(
        byFormat[name]?.some((text) => !pattern.test(text)),
        `some are bad: ${name}`,
      ).toBe(true);
    }
  });
});
