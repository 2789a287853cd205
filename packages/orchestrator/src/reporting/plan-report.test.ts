import { describe, expect, it } from 'vitest';
import {
  commandDelivery,
  HEAD_SHA,
  ignoredDelivery,
  pullRequestRow,
  reportState,
  runRow,
  testDelivery,
} from '../testing/report-rows.ts';
import { planReport } from './plan-report.ts';
import type { RunEvidence } from './run-evidence.ts';

const plan = (fields: Parameters<typeof reportState>[0]) => {
  const planned = planReport(reportState(fields));
  if (planned === undefined) throw new Error('there is something to report');
  return planned;
};
const madeRun = {
  team: 'default',
  stack: 'stack-one',
  namespace: 'n',
  name: 'r',
  apps: ['demo-api'],
  dependsOn: [],
};
const made = testDelivery({ outcome: { kind: 'runs', runs: [madeRun], skipped: [], notes: [] } });
const started = { deliveries: [made] };

const LOST: Partial<RunEvidence> = {
  images: [
    { app: 'demo-api', changed: true, reused: false },
    { app: 'demo-fe', changed: false, reused: true },
  ],
  propagation: 'failed',
  edges: [
    {
      caller: 'demo-fe',
      callee: 'demo-mid',
      verdict: 'failed',
      detail: 'demo-mid got the request without the session',
    },
    {
      caller: 'demo-mid',
      callee: 'demo-api',
      verdict: 'failed',
      detail: 'not judged: the session did not reach demo-mid',
    },
  ],
};

const BROKEN_TESTS: Partial<RunEvidence> = {
  tests: [
    {
      app: 'demo-api',
      program: 'command',
      outcome: 'failed',
      tests: 14,
      failures: 2,
      durationMs: 4_000,
      detail: 'exit 1',
    },
  ],
  testFailures: [
    {
      app: 'demo-api',
      suite: 'items',
      name: 'lists @octocat',
      message: 'expected 3\n``` to be 4',
      place: { repository: 'github.com/Acme/demo-api', path: 'test/items.test.ts', line: 12 },
    },
    {
      app: 'demo-fe',
      suite: '',
      name: 'shows',
      message: '',
      place: { repository: 'acme/demo-fe', path: 'test/fe.test.ts', line: 1 },
    },
  ],
};

describe('the check of a pull request', () => {
  it.each([
    ['draft', 'skipped'],
    ['bot', 'skipped'],
    ['skip-ci', 'skipped'],
    ['base-branch', 'skipped'],
    ['fork', 'action_required'],
  ] as const)('is concluded where a delivery was ignored: %s', (reason, conclusion) => {
    const { check } = plan({ deliveries: [ignoredDelivery(reason)] });
    expect(check).toMatchObject({ status: 'completed', conclusion });
  });

  it.each([
    ['paths', 'skipped'],
    ['hold', 'neutral'],
    ['dependency', 'action_required'],
    ['superseded', 'cancelled'],
  ] as const)('is concluded where the dispatch made no run: %s', (reason, conclusion) => {
    const outcome = { kind: 'skipped', reason, detail: 'because' } as const;
    const { check } = plan({ deliveries: [testDelivery({ outcome })] });
    expect(check).toMatchObject({ status: 'completed', conclusion });
    expect(check.summary).toContain('`because`');
  });

  it('tells a fork the exact words that a maintainer has to say', () => {
    const { check, comment } = plan({ deliveries: [ignoredDelivery('fork')] });
    expect(check.summary).toContain(`\n/ok-to-test ${HEAD_SHA}\n`);
    expect(comment).toContain(`\n/ok-to-test ${HEAD_SHA}\n`);
  });

  it('says why a run could not be made', () => {
    const deliveries = [testDelivery({ state: 'failed', reason: 'admission webhook denied it' })];
    expect(plan({ deliveries }).check).toMatchObject({
      conclusion: 'failure',
      summary: expect.stringContaining('`admission webhook denied it`'),
    });
  });

  it('is not settled, and open, while the work on a delivery goes on', () => {
    expect(plan({ deliveries: [testDelivery({ state: 'claimed' })] })).toMatchObject({
      settled: false,
      check: { status: 'queued' },
    });
    expect(plan({ ...started, runs: [runRow()] }).settled).toBe(true);
  });

  it('counts what waits before it', () => {
    const runs = [runRow({ state: 'pending', finishedAtMs: undefined })];
    expect(plan({ ...started, runs, ahead: new Map([['stack-pr-7-abcdefgh', 3]]) }).check).toMatchObject({
      status: 'queued',
      title: 'Waiting for a slot: 3 runs before it',
    });
  });

  it('sums several stacks up: open until the last has ended, and then the worst', () => {
    const ended = runRow({ state: 'failed', reason: 'Failed' });
    const other = { name: 'other', stack: 'stack-two' } as const;
    const open = plan({ ...started, runs: [ended, runRow({ ...other, state: 'running' })] });
    expect(open.check).toMatchObject({ status: 'in_progress', title: 'Testing: 1 of 2 stacks done' });
    expect(plan({ ...started, runs: [ended, runRow(other)] }).check.conclusion).toBe('failure');
    expect(
      plan({ ...started, runs: [runRow(), runRow({ ...other, state: 'cancelled' })] }).check.conclusion,
    ).toBe('cancelled');
  });

  it('follows the newest run of a stack for the head, and no run of another commit', () => {
    const failed = runRow({ state: 'failed' });
    const continued = runRow({ name: 'stack-continue-7-x', mode: 'continue', attempt: 2 });
    expect(plan({ ...started, runs: [failed, continued] }).check.conclusion).toBe('success');
    const older = runRow({ sha: 'b'.repeat(40) });
    expect(plan({ ...started, runs: [older] }).check.status).toBe('queued');
  });

  it('names the edge that dropped the session, and not the one that only suffered', () => {
    const { check } = plan({ ...started, runs: [runRow({ state: 'failed', evidence: LOST })] });
    expect(check.title).toBe('The session was lost from demo-fe to demo-mid');
    expect(check.annotations).toMatchObject([{ title: check.title, level: 'failure' }]);
    expect(check.detailsUrl).toBe('https://dag.example.com/runs/tekton-pipelines/stack-pr-7-abcdefgh');
  });

  it('names the build that failed where nothing was proven yet', () => {
    const failedTasks = [
      { task: 'build', app: '', message: 'exited with code 1' },
      { task: 'build-app', app: 'demo-api', message: '"step-compile" exited with code 1' },
    ];
    const { check } = plan({ ...started, runs: [runRow({ state: 'failed', evidence: { failedTasks } })] });
    expect(check.title).toBe('Task build-app of demo-api failed');
    expect(check.summary).toContain(
      '**Task `build-app` of `demo-api` failed**: `"step-compile" exited with code 1`',
    );
  });

  it('annotates failing tests of its own repository at their line', () => {
    const { check } = plan({ ...started, runs: [runRow({ state: 'failed', evidence: BROKEN_TESTS })] });
    expect(check.title).toBe('2 of 14 tests failed');
    expect(check.annotations).toEqual([
      {
        path: 'test/items.test.ts',
        startLine: 12,
        endLine: 12,
        level: 'failure',
        title: 'demo-api: items: lists @octocat',
        message: 'expected 3\n``` to be 4',
      },
    ]);
  });

  it('never grows over what a forge takes, and says that something is missing', () => {
    const testFailures = Array.from({ length: 50 }, (_, index) => ({
      app: 'demo-api',
      suite: 's'.repeat(200),
      name: `${index}`.repeat(100),
      message: 'm'.repeat(1_000),
    }));
    const runs = Array.from({ length: 20 }, (_, index) =>
      runRow({ name: `run-${index}`, stack: `stack-${index}`, state: 'failed', evidence: { testFailures } }),
    );
    const { check, comment = '' } = plan({ ...started, runs });
    expect(check.summary.length).toBeLessThan(65_535);
    expect(comment.length).toBeLessThan(65_535);
    expect(comment).toContain('left out');
    expect(comment).toContain('/help');
  });
});

describe('the comment on a pull request', () => {
  it('shows what was lost, built and proven', () => {
    const { comment } = plan({ ...started, runs: [runRow({ state: 'failed', evidence: LOST })] });
    expect(comment).toMatchInlineSnapshot(`
      "<!-- tekton-dag:report -->

      ### tekton-dag: The session was lost from demo-fe to demo-mid

      Commit \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\`.

      #### \`default/stack-one\`: failed

      run [\`stack-pr-7-abcdefgh\`](https://dag.example.com/runs/tekton-pipelines/stack-pr-7-abcdefgh), of \`demo-api\`, took 3 min 12 s

      **The session was lost from \`demo-fe\` to \`demo-mid\`**: \`demo-mid got the request without the session\`

      <details><summary>Images and edges</summary>

      | app | changed | image |
      | --- | --- | --- |
      | \`demo-api\` | yes | built |
      | \`demo-fe\` | no | reused |

      | from | to | session |
      | --- | --- | --- |
      | \`demo-fe\` | \`demo-mid\` | not crossed |
      | \`demo-mid\` | \`demo-api\` | not crossed |

      </details>

      <sub>This comment is kept up to date. \`/help\` shows what may be said here.</sub>"
    `);
  });

  it('says which commits the run was made of, and of a run that does not know says nothing', () => {
    const provenance = JSON.stringify({
      platform: { url: 'https://github.com/acme/platform', revision: '1'.repeat(40) },
      catalog: { url: 'https://github.com/acme/tekton-dag', revision: '2'.repeat(40), pinned: true },
    });
    const known = plan({ ...started, runs: [runRow({ state: 'failed', provenance })] });
    expect(known.comment).toContain('made of platform 111111111111, catalog 222222222222 (fetched)');
    const foreign = plan({
      ...started,
      runs: [runRow({ state: 'failed', provenance: '{"platform":"@all"}' })],
    });
    expect(foreign.comment).not.toMatch(/made of|@all/);
  });

  it('shows hostile texts of tests as code only', () => {
    const { comment } = plan({ ...started, runs: [runRow({ state: 'failed', evidence: BROKEN_TESTS })] });
    expect(comment).toMatchInlineSnapshot(`
      "<!-- tekton-dag:report -->

      ### tekton-dag: 2 of 14 tests failed

      Commit \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\`.

      #### \`default/stack-one\`: failed

      run [\`stack-pr-7-abcdefgh\`](https://dag.example.com/runs/tekton-pipelines/stack-pr-7-abcdefgh), of \`demo-api\`, took 3 min 12 s

      **Test of \`demo-api\` failed**: \`items: lists @octocat\`

      \`\`\`\`text
      expected 3
      \`\`\` to be 4
      \`\`\`\`

      **Test of \`demo-fe\` failed**: \`shows\`

      | tests of | with | outcome | tests | failed | took |
      | --- | --- | --- | ---: | ---: | ---: |
      | \`demo-api\` | \`command\` | failed | 14 | 2 | 4 s |

      <sub>This comment is kept up to date. \`/help\` shows what may be said here.</sub>"
    `);
  });

  it('answers the last command, and shows the table of commands as one', () => {
    const deliveries = [
      commandDelivery({
        by: 'octocat',
        answers: [
          { text: '/retest', accepted: true, reply: 'started `stack-continue-7-x`' },
          { text: '/help', accepted: true, reply: '| command |\n| --- |\n| `/test` |' },
        ],
      }),
      commandDelivery({ by: 'older', answers: [] }),
      made,
    ];
    const { comment } = plan({ deliveries, runs: [runRow()] });
    expect(comment).toContain('Last command, of `octocat`:\n\n`/retest` done: started `stack-continue-7-x`');
    expect(comment).toContain('\n\n| command |\n');
    expect(comment).not.toContain('older');
  });

  it('tells how to send a request through a run, while it runs', () => {
    const runs = [runRow({ state: 'running', finishedAtMs: undefined })];
    const sessions = new Map([['stack-pr-7-abcdefgh', { name: 'x-dev-session', value: 'pr-7-k3v9qz' }]]);
    expect(plan({ ...started, runs, sessions }).comment).toContain('`x-dev-session: pr-7-k3v9qz`');
  });

  it('is not made where nothing had to be done', () => {
    expect(plan({ deliveries: [ignoredDelivery('draft')] }).comment).toBeUndefined();
    expect(planReport(reportState({ pullRequest: undefined }))).toBeUndefined();
  });

  it('does not stay as it was when nothing has to be done any more', () => {
    const { comment } = plan({ deliveries: [ignoredDelivery('draft')], hasComment: true });
    expect(comment).toContain('Drafts are not tested');
  });

  it('waits for the delivery of a head that the forge told of first', () => {
    const pullRequest = pullRequestRow({ headSha: 'b'.repeat(40), updatedAtMs: 2_000 });
    expect(plan({ ...started, pullRequest, runs: [runRow()] })).toMatchObject({
      headSha: 'b'.repeat(40),
      check: { status: 'queued' },
    });
  });

  it('tells who holds the pull request', () => {
    const pullRequest = pullRequestRow({ hold: { by: 'hubot', atMs: 1 } });
    expect(plan({ pullRequest, deliveries: [testDelivery({})] }).check).toMatchObject({
      conclusion: 'neutral',
      summary: expect.stringContaining('`by hubot`'),
    });
  });
});
