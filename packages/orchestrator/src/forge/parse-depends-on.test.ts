import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { parseDependsOn } from './parse-depends-on.ts';

it('reads short names and links, each once and in order', () => {
  const text = [
    'Adds a field.',
    '',
    'Depends-On: acme/shop-api#7',
    'depends-on:  https://git.example.com/acme/shop-web/pulls/8 ',
    '- Depends-On: https://github.com/acme/shop-db/pull/9',
    'Depends-On: ACME/shop-api#7',
    'Depends-On: git.example.com:3000/acme/other#10',
  ].join('\r\n');
  expect(parseDependsOn(text, 'github.com')).toEqual([
    { host: 'github.com', repository: 'acme/shop-api', pullRequest: 7 },
    { host: 'git.example.com', repository: 'acme/shop-web', pullRequest: 8 },
    { host: 'github.com', repository: 'acme/shop-db', pullRequest: 9 },
    { host: 'git.example.com:3000', repository: 'acme/other', pullRequest: 10 },
  ]);
});

it.each([
  'It depends-on: acme/api#7',
  'Depends-On: #7',
  'Depends-On: acme/api',
  'Depends-On: acme/api#0',
  'Depends-On: acme/api#99999999999',
  'Depends-On: javascript://github.com/acme/api/pull/7',
  'Depends-On: https://github.com/acme/api/issues/7',
  'Depends-On: acme/api#7; rm -rf /',
])('takes nothing from %j', (line) => {
  expect(parseDependsOn(line, 'github.com')).toEqual([]);
});

it('takes at most twenty, from any text, without failing', () => {
  const many = Array.from({ length: 50 }, (_, index) => `Depends-On: acme/api#${index + 1}`).join('\n');
  expect(parseDependsOn(many, 'github.com')).toHaveLength(20);
  assert(property(string({ maxLength: 500 }), (text) => parseDependsOn(text, 'h').length <= 20));
});
