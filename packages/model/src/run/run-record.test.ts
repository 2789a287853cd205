import { parseRunProvenance } from '../catalog/run-provenance.ts';
import { describe, expect, it } from 'vitest';
import type { Result } from '../result.ts';
import {
  junitKeyOf,
  parseBaseline,
  parseContinued,
  parseImages,
  parseIntercepts,
  parseOriginalTraffic,
  parsePropagation,
  parseRelease,
  parseTests,
  parseWaiting,
  RUN_RECORD_KEYS,
} from './run-record.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

interface Part {
  readonly name: string;
  readonly parse: (text: string) => Result<unknown, unknown>;
  readonly value: unknown;
}

const PARTS: readonly Part[] = [
  {
    name: 'images',
    parse: parseImages,
    value: { api: { image: 'r/api', digest: DIGEST, contentKey: 'c', reused: true } },
  },
  {
    name: 'intercepts',
    parse: parseIntercepts,
    value: [{ app: 'api', namespace: 'n', service: 's', deployment: 'd', route: 'r', pod: 'p' }],
  },
  {
    name: 'propagation',
    parse: parsePropagation,
    value: {
      verdict: 'failed',
      session: 'pr-1-abcdef',
      traceIds: ['0af7'],
      edges: [{ caller: 'web', callee: 'api', verdict: 'failed', detail: 'no header' }],
      apps: [{ app: 'api', verdict: 'passed', pod: 'api-1', detail: '' }],
    },
  },
  {
    name: 'originalTraffic',
    parse: parseOriginalTraffic,
    value: {
      verdict: 'passed',
      apps: [
        {
          app: 'api',
          verdict: 'passed',
          status: 200,
          backend: 'api-baseline',
          untaggedToChange: 0,
          detail: '',
        },
      ],
    },
  },
  {
    name: 'tests',
    parse: parseTests,
    value: {
      verdict: 'passed',
      results: [{ app: 'api', kind: 'postman', outcome: 'passed', tests: 2, failures: 0, durationMs: 1.5 }],
    },
  },
  {
    name: 'release',
    parse: parseRelease,
    value: {
      commit: 'abc',
      apps: { api: { released: '1.0.0', next: '1.0.1-rc.0', image: 'r/api', digest: DIGEST } },
    },
  },
  {
    name: 'baseline',
    parse: parseBaseline,
    value: { apps: { api: { namespace: 'n', image: 'r/api', digest: DIGEST, changed: false } } },
  },
  {
    name: 'waiting',
    parse: parseWaiting,
    value: {
      app: 'api',
      namespace: 'n',
      holder: { namespace: 'runs', name: 'p' },
      since: '2026-01-01T00:00:00Z',
    },
  },
  { name: 'continued', parse: parseContinued, value: { from: 'stack-pr-1-abcdefgh', restartAt: 'test' } },
  {
    name: 'provenance',
    parse: parseRunProvenance,
    value: {
      platform: { url: 'https://github.com/acme/platform', revision: 'a'.repeat(40) },
      catalog: {
        url: 'https://github.com/acme/catalog',
        revision: 'b'.repeat(40),
        digest: DIGEST,
        pinned: false,
      },
    },
  },
];

describe('the run record', () => {
  it('has a parser for every part but the plan, whose parser is with the plan', () => {
    expect(Object.keys(RUN_RECORD_KEYS)).toEqual(['plan', ...PARTS.map((part) => part.name)]);
    expect(junitKeyOf('api')).toBe('junit-api.xml');
  });

  it.each(PARTS)('gives $name back from their text', ({ parse, value }) => {
    expect(parse(JSON.stringify(value))).toEqual({ ok: true, value });
  });

  it.each(PARTS)('refuses $name of another form', ({ parse, value }) => {
    const spoiled = JSON.stringify(value).replace(/"(passed|failed|r\/api|p|test|b{40})"/, '0');
    for (const text of [spoiled, 'null', '"x"', '{', '[{}]'])
      expect(parse(text)).toMatchObject({ ok: false, error: { reason: 'invalid-record' } });
  });

  it('refuses an image without a true digest', () => {
    const images = { api: { image: 'r/api', digest: 'latest', contentKey: 'c', reused: true } };
    expect(parseImages(JSON.stringify(images)).ok).toBe(false);
  });
});
