import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegistry } from '../registry/parse-registry.ts';
import { bumpVersions } from './bump-versions.ts';
import { nextCandidate, releaseVersion } from './next-version.ts';
import { parseVersions } from './parse-versions.ts';
import { versionsOf } from './versions-of.ts';

const TEXT = `# Who makes what.
apps:
  # The window.
  demo-fe:
    version: 0.1.0-rc.3 # soon
  demo-api:
    version: '1.2.9-rc.0'
    last-released: 1.2.8
`;

describe('parseVersions', () => {
  it('reads versions of every app', () => {
    expect(parseVersions(TEXT, 'versions.yaml')).toEqual({
      ok: true,
      value: {
        apps: {
          'demo-fe': { version: '0.1.0-rc.3' },
          'demo-api': { version: '1.2.9-rc.0', lastReleased: '1.2.8' },
        },
      },
    });
  });

  it.each([
    ['apps: { a: { version: 1.0 } }', '1:23 wrong-type'],
    ['apps: { a: { version: v1.0.0 } }', '1:23 bad-version'],
    ['apps: { a: { version: 01.0.0 } }', '1:23 bad-version'],
    ['apps: { a: { version: 1.0.0+build } }', '1:23 bad-version'],
    ['apps: { a: { version: 1.0.0, last-released: 1.0.0-rc.1 } }', '1:45 bad-version'],
    ['apps: { A: { version: 1.0.0 } }', '1:9 bad-name'],
    ['apps: { a: }', '1:9 wrong-type'],
    ['apps: { a: { } }', '1:9 missing-key'],
    ['{}', '1:1 missing-key'],
  ])('refuses %s', (text, code) => {
    const versions = parseVersions(text, 'versions.yaml');
    expect(versions.ok ? [] : versions.error.map((p) => `${p.line}:${p.column} ${p.code}`)).toEqual([code]);
  });
});

describe('parseRegistry', () => {
  it('reads which stack an app belongs to', () => {
    const text = 'repos: { demo-fe: { stack: stack-one.yaml, role: frontend }, x: { stack: s.yml } }';
    expect(parseRegistry(text, 'registry.yaml')).toEqual({
      ok: true,
      value: {
        repos: { 'demo-fe': { stack: 'stack-one.yaml', role: 'frontend' }, x: { stack: 's.yml' } },
      },
    });
  });

  it('refuses a file that is no stack', () => {
    expect(parseRegistry('repos: { a: { stack: ../x } }', 'r').ok).toBe(false);
  });
});

describe('versionsOf', () => {
  it('takes overrides first, then the file, then the first version', () => {
    const stack = { apps: ['a', 'b', 'constructor'].map((name) => ({ name, downstream: [] })) };
    const versions = { apps: { a: { version: '1.0.0' }, b: { version: '2.0.0' } } };
    expect(versionsOf(stack, versions, { b: '3.0.0', foreign: '9.0.0' })).toEqual({
      a: '1.0.0',
      b: '3.0.0',
      constructor: '0.1.0-rc.0',
    });
  });
});

describe('the next version', () => {
  it('of a candidate is its release, and of a release the next candidate', () => {
    expect(releaseVersion('0.1.0-rc.3')).toBe('0.1.0');
    expect(releaseVersion('2.0.0')).toBe('2.0.0');
    expect(nextCandidate('0.1.0')).toBe('0.1.1-rc.0');
  });

  it('of nonsense is a fault', () => {
    expect(() => releaseVersion('null.null.1-rc.0')).toThrow(RangeError);
    expect(() => nextCandidate('latest')).toThrow('"latest" is not a semantic version');
  });
});

describe('bumpVersions', { timeout: 30_000 }, () => {
  it('writes the release and keeps comments, order and every other app', () => {
    const bumped = bumpVersions(TEXT, 'demo-fe');
    expect(bumped).toEqual({
      ok: true,
      value: {
        text: `# Who makes what.
apps:
  # The window.
  demo-fe:
    version: 0.1.1-rc.0 # soon
    last-released: 0.1.0
  demo-api:
    version: '1.2.9-rc.0'
    last-released: 1.2.8
`,
        released: '0.1.0',
        next: '0.1.1-rc.0',
      },
    });
  });

  it('releases an app that the file does not name from the first version', () => {
    const bumped = bumpVersions(TEXT, 'constructor');
    if (!bumped.ok) throw new Error('refused');
    expect(bumped.value).toMatchObject({ released: '0.1.0', next: '0.1.1-rc.0' });
    expect(bumped.value.text.startsWith(TEXT)).toBe(true);
    expect(bumped.value.text).toContain('  constructor:\n    version: 0.1.1-rc.0\n');
  });

  it('refuses a broken file', () => {
    expect(bumpVersions('apps: [', 'demo-fe').ok).toBe(false);
  });

  it('moves one app and one step each time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('demo-fe', 'demo-api', 'new-app'), { maxLength: 6 }), (apps) => {
        let text = TEXT;
        for (const app of apps) {
          const bumped = bumpVersions(text, app);
          if (!bumped.ok) throw new Error('refused');
          text = bumped.value.text;
        }
        const versions = parseVersions(text, 'versions.yaml');
        if (!versions.ok) throw new Error('not readable');
        const count = (name: string): number => apps.filter((app) => app === name).length;
        expect(versions.value.apps['demo-api']?.version).toBe(`1.2.${9 + count('demo-api')}-rc.0`);
        const candidate = count('demo-fe') === 0 ? '0.1.0-rc.3' : `0.1.${count('demo-fe')}-rc.0`;
        expect(versions.value.apps['demo-fe']?.version).toBe(candidate);
      }),
    );
  });
});
