import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { field } from './field.ts';
import { parseEnv } from './parse-env.ts';

describe('field.revision', () => {
  it.each(['main', 'feature/x-1', 'v1.2.3', 'a'.repeat(40), 'ünï', 'a$(x)'])('takes %s', (text) =>
    expect(field.revision.safeParse(text).success).toBe(true),
  );
  it.each([
    '',
    '-x',
    '--upload-pack=x',
    'a b',
    'a..b',
    'a\nb',
    'a:b',
    'x.lock',
    '/a',
    'a/',
    'a@{1}',
    'a~1',
    'a^',
    'a*',
  ])('refuses %j', (text) => expect(field.revision.safeParse(text).success).toBe(false));
});

describe('field.repositoryPath', () => {
  it.each(['.', 'a/b.yaml', "it's $(x).json", 'a/..b'])('takes %j', (text) =>
    expect(field.repositoryPath.safeParse(text).success).toBe(true),
  );
  it.each(['', '..', '../a', 'a/../b', '/etc', '-f', 'a\0b', 'a\nb'])('refuses %j', (text) =>
    expect(field.repositoryPath.safeParse(text).success).toBe(false),
  );
});

describe('parseEnv', () => {
  it('reports all problems at once and no values', () => {
    const schema = z.object({ A: field.dnsLabel, B: field.json(z.array(z.string())), C: field.commit });
    const parse = (): unknown => parseEnv(schema, { A: 'Secret Value', B: '{', C: undefined });
    expect(parse).toThrow(/3 bad param\(s\): A: .*; B: is not JSON; C: /);
    expect(parse).not.toThrow(/Secret/);
  });
});
