import { expect, it } from 'vitest';
import { findHelmDifferences } from './find-helm-differences.ts';

const find = (text: string): readonly string[] =>
  findHelmDifferences(text, 'f').map(
    ({ file, line, column, message, hint = '' }) => `${file}:${line}:${column}: ${message} (${hint})`,
  );

/** As `helm template -f` read them, Helm 3.22. */
it.each([
  ['yes', '"yes" is true'],
  ['NO', '"NO" is false'],
  ['on', '"on" is true'],
  ['Off', '"Off" is false'],
  ['y', '"y" is true'],
  ['n', '"n" is false'],
  ['1_000', '"1_000" is 1000'],
  ['0b11', '"0b11" is 3'],
])('tells that %s is no text for Helm', (written, words) => {
  expect(find(`a:\n  - b: ${written}\n`)).toEqual([
    `f:2:8: ${words} for Helm, which reads YAML 1.1 (put it in quotes)`,
  ]);
});

it('tells of octal numbers, and of keys', () => {
  expect(find('a: 010\nb: -010\nno: x\n')).toEqual([
    'f:1:4: 10 is 8 for Helm, which reads YAML 1.1 (write it without a zero in front)',
    'f:2:4: -10 is -8 for Helm, which reads YAML 1.1 (write it without a zero in front)',
    'f:3:1: the key "no" is another one for Helm, which reads YAML 1.1 (put it in quotes)',
  ]);
});

it.each([
  '"yes"',
  "'010'",
  'true',
  'yesterday',
  'main',
  '0',
  '08',
  '1:30',
  '2026-01-02',
  '0x1f',
  '1e3',
  '~',
  '[a, {b: c}]',
])('says nothing of %s', (written) => {
  expect(find(`a: ${written}\n`)).toEqual([]);
});
