import * as fc from 'fast-check';
import { parseDocument } from 'yaml';
import { describe, expect, it } from 'vitest';
import { anyStack, generateStack, renderStackFile } from '../testing/index.ts';
import { readYamlValue } from './read-yaml-value.ts';

/** What the full parser makes of it; undefined for a problem of any kind. */
function readFully(text: string): { readonly value: unknown } | undefined {
  const document = parseDocument(text);
  return document.errors.length + document.warnings.length > 0 ? undefined : { value: document.toJS() };
}

const STACK = `# a stack
name: shop   # its name
description: 'It''s a shop: "all" of it'
defaults: { namespace: staging, service-port: 80 }
apps:
- name: web
  repo: acme/web
  role: frontend
  build:
      tool: npm
      node-version: "24"
      env: {}
  image: docker.io/library/node:24
  note: a#b c
  empty:
  downstream: [api, 'db', "x y"]
- name: api
  optional: true
  tests:
    command:
      - npm
      - run test

  none: null
`;

const SCRAPS =
  ` |  |\n|\n  |:|: | #|#|- |-|'|"|[|]|{|}|,|, |\\|&a|*a|!|>|?|? |0|1.5|0x1|null|true|~|%|@|<<: |...|---|.|.5|+1`.split(
    '|',
  );

describe('readYamlValue', () => {
  it('reads what files are written in as the full parser does', () => {
    expect(readYamlValue(STACK)).toEqual(readFully(STACK));
    expect(readYamlValue(STACK)).toMatchObject({
      value: {
        name: 'shop',
        apps: [
          { empty: null, note: 'a#b c' },
          { optional: true, none: null },
        ],
      },
    });
  });

  it.each([
    ['a: &x 1\nb: *x'],
    ['a: !!str 1'],
    ['a: 1\na: 2'],
    ['a: 1\n---\nb: 2'],
    ['a:\tb'],
    ['a: b: c'],
    ['a:\n    b: 1\n  c: 2'],
    ['null: 1'],
    ['~: 1'],
    ['__proto__: 1'],
    ['? a\n: b'],
    [''],
    ['a: b\r\n'],
    ['a:\n  b:\n    c:\n  #\n      d\n\n  e: 1'],
  ])('leaves %j to the full parser', (text) => {
    expect(readYamlValue(text)).toBeUndefined();
  });

  it.each([
    ['a: |\n  text\n  more'],
    ['a: one\n  two'],
    ['a: "b\\nc"'],
    ['a: 0x1f'],
    ['a: 0o17'],
    ['a: 017'],
    ['a: 1e3'],
    ['a: -1.5'],
    ['a: 1_000'],
    ['a: 0b11'],
    ['a: .inf'],
    ['a: 2001-12-14'],
    ['a: yes'],
    ['a: [b, c,]'],
    ['a: é'],
    ['true: 1'],
    ['1.0: 1'],
    ['<<: { a: 1 }'],
    ['paths: ["src/**", "!**/*.md"]'],
  ])('reads %j as the full parser does', (text) => {
    expect(readYamlValue(text)).toEqual(readFully(text));
  });

  it('agrees with the full parser on every stack', () => {
    fc.assert(
      fc.property(anyStack(), (stack) => {
        const text = renderStackFile(stack);
        const plain = readYamlValue(text);
        if (plain !== undefined) expect(plain).toEqual(readFully(text));
      }),
    );
    expect(readYamlValue(renderStackFile(generateStack({ apps: 40 })))).toBeDefined();
  });

  it(
    'never reads anything that the full parser reads otherwise, whatever was cut, copied or put in',
    { timeout: 60_000 },
    () => {
      const edit = fc.tuple(fc.nat(STACK.length), fc.nat(12), fc.constantFrom('', ...SCRAPS));
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
          const text = edits.reduce(
            (text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut),
            STACK,
          );
          const plain = readYamlValue(text);
          if (plain !== undefined) expect(plain).toEqual(readFully(text));
        }),
        { numRuns: 5_000 },
      );
    },
  );
});
