import { describe, expect, it } from 'vitest';
import { runRecord } from '../testing/run-record.ts';
import { parseRunEvidence } from './run-evidence.ts';
import { summarizeEvidence } from './summarize-evidence.ts';

const reportOf = (cases: string): string => `<testsuite name="items">${cases}</testsuite>`;
const failingAt = (file: string) =>
  summarizeEvidence(
    runRecord({
      failingReport: reportOf(`<testcase name="lists" file="${file}" line="3"><failure/></testcase>`),
    }),
    '',
  ).testFailures.map(({ place }) => place);

describe('summarizeEvidence', () => {
  it('keeps what was built, which edges were crossed, and what the tests said', () => {
    expect(summarizeEvidence(runRecord(), 'Tasks Completed: 5')).toEqual({
      message: 'Tasks Completed: 5',
      images: [{ app: 'demo-api', changed: true, reused: false }],
      edges: [
        {
          caller: 'demo-fe',
          callee: 'demo-api',
          verdict: 'passed',
          detail: 'session came with x-dev-session',
        },
      ],
      appFailures: [],
      propagation: 'passed',
      tests: [
        {
          app: 'demo-api',
          program: 'command',
          outcome: 'passed',
          tests: 3,
          failures: 0,
          durationMs: 1_500,
          detail: '',
        },
      ],
      testFailures: [],
      released: [],
    });
  });

  it('makes do with the parts of a record that are there and sound', () => {
    expect(summarizeEvidence(undefined, 'gone')).toMatchObject({ message: 'gone', images: [], edges: [] });
    const broken = { ...runRecord(), 'propagation.json': '{', 'images.json': '[]' };
    expect(summarizeEvidence(broken, '')).toMatchObject({
      images: [],
      edges: [],
      tests: [{ app: 'demo-api' }],
    });
  });

  it('places failing tests in their repository, below the directory of the app', () => {
    const repository = 'acme/demo-api';
    expect(failingAt('./test/a.test.ts')).toEqual([
      { repository, path: 'services/api/test/a.test.ts', line: 3 },
    ]);
    expect(failingAt('services/api/test/a.test.ts')).toEqual([
      { repository, path: 'services/api/test/a.test.ts', line: 3 },
    ]);
  });

  it.each(['/etc/passwd', '../other/secret.ts', 'a/../../b', '.', ''])('places nothing at %j', (file) => {
    expect(failingAt(file)).toEqual([undefined]);
  });

  it('stays small and readable, whatever the tests wrote', () => {
    const failure = `<testcase name="${'n'.repeat(5_000)}"><failure>${'\u001B[31mx'.repeat(20_000)}</failure></testcase>`;
    const evidence = summarizeEvidence(
      runRecord({ failingReport: reportOf(failure.repeat(200)) }),
      'm'.repeat(9_000),
    );
    const text = JSON.stringify(evidence);
    expect(text.length).toBeLessThan(100_000);
    expect(text).not.toContain('\\u001b');
    expect(parseRunEvidence(text)).toEqual(evidence);
  });
});
