import { parseStack, parseTeam, type Result } from '@tekton-dag/model';
import type { Delivery } from '@tekton-dag/store';
import { describe, expect, it } from 'vitest';
import type { ForgeEvent } from '../forge/forge-event.ts';
import { buildRouteTable } from '../routing/route-table.ts';
import { decide } from './decide.ts';
import { NO_RUN_REASONS, type Decision } from './decision.ts';
import type { DeliveryOutcome } from './delivery-outcome.ts';
import { explainDelivery } from './explain-delivery.ts';
import { NO_RUN_TEXTS } from './no-run-texts.ts';

function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const stack = unwrap(
  parseStack(
    `
name: shop
apps:
  - { name: web, repo: acme/mono, role: frontend }
  - { name: api, repo: acme/mono, role: standalone }
  - { name: copy, repo: other/mono, role: standalone }
`,
    'shop.yaml',
  ),
);
const team = (name: string, baseBranches: string) =>
  unwrap(
    parseTeam(
      `
name: ${name}
imageRegistry: registry.example.com/acme
gitUrl: https://github.com/acme/platform
stacks: [stacks/shop.yaml]
baseBranches: ${baseBranches}
`,
      'team.yaml',
    ),
  );
const teams = [team('one', '[main]'), team('two', '[next]')];
const stacks = new Map([['stacks/shop.yaml', stack]]);
const platform = { teams: new Map(teams.map((each) => [each.name, each])), stacks };
const routes = buildRouteTable(teams, stacks);

const opened: ForgeEvent = {
  kind: 'updated',
  action: 'opened',
  byBot: false,
  change: {
    host: 'github.com',
    repository: 'acme/mono',
    pullRequest: 42,
    headSha: 'a'.repeat(40),
    baseRef: 'main',
    author: 'ada',
    title: 'Change something',
    draft: false,
    fromFork: false,
    dependsOn: [],
    updatedAtMs: 1_700_000_000_000,
  },
};

function deliveryOf(decision: Decision, outcome?: DeliveryOutcome): Delivery {
  return {
    host: 'github.com',
    id: 'one',
    seq: 1,
    event: 'pull_request',
    action: 'opened',
    repository: 'acme/mono',
    subject: 'github.com/acme/mono#42',
    occurredAtMs: 0,
    receivedAtMs: 0,
    state: outcome === undefined ? 'pending' : 'done',
    decision: JSON.stringify(decision),
    reason: undefined,
    attempts: 0,
    finishedAtMs: undefined,
    teams: [],
    forge: 'github',
    traceparent: '',
    secretName: '',
    gapFilled: false,
    outcome: outcome === undefined ? undefined : JSON.stringify(outcome),
    hasPayload: true,
  };
}

const whysOf = (decision: Decision, outcome?: DeliveryOutcome): Record<string, string> =>
  Object.fromEntries(
    explainDelivery(deliveryOf(decision, outcome), platform).apps.map(({ team, app, why }) => [
      `${team}/${app}`,
      why,
    ]),
  );

describe('explainDelivery', () => {
  it('says for every app of the repository, and for those that look like it, why or why not', () => {
    const decision = decide(opened, routes);
    const run = { team: 'one', stack: 'shop', namespace: 'n', name: 'stack-pr-42-abc', dependsOn: [] };
    const outcome: DeliveryOutcome = {
      kind: 'runs',
      runs: [{ ...run, apps: ['web'] }],
      skipped: [],
      notes: [],
    };
    expect(whysOf(decision, outcome)).toEqual({
      'one/web': 'it is built and tested in this run',
      'one/api': NO_RUN_TEXTS.paths,
      'two/web': 'the team takes pull requests into next, not into main',
      'two/api': 'the team takes pull requests into next, not into main',
      'one/copy': 'its repository is github.com/other/mono, not github.com/acme/mono',
      'two/copy': 'its repository is github.com/other/mono, not github.com/acme/mono',
    });
    expect(explainDelivery(deliveryOf(decision, outcome), platform)).toMatchObject({
      summary: 'It led to one run.',
      apps: [{ run: 'stack-pr-42-abc' }, {}, {}, {}, {}, {}],
    });
  });

  it('says what waits, what was left out, and what was held', () => {
    const decision = decide(opened, routes);
    expect(whysOf(decision)['one/web']).toBe('the pull request is to be tested');
    const skipped = [{ team: 'one', stack: 'shop', reason: 'paths' as const, detail: 'no file' }];
    expect(whysOf(decision, { kind: 'runs', runs: [], skipped, notes: [] })['one/web']).toContain('no file');
    const held: DeliveryOutcome = { kind: 'skipped', reason: 'hold', detail: 'held by ada' };
    expect(explainDelivery(deliveryOf(decision, held), platform)).toMatchObject({ reason: 'hold' });
    expect(whysOf(decision, held)['one/web']).toContain('held by ada');
  });

  it('says when the app was added later', () => {
    const early = decide(opened, buildRouteTable([], stacks));
    expect(explainDelivery(deliveryOf(early), platform)).toMatchObject({ reason: 'unknown-repository' });
    expect(whysOf(early)['one/web']).toBe('the app or its team was added after the delivery came; replay it');
  });

  it('has words for every reason', () => {
    expect(Object.keys(NO_RUN_TEXTS).toSorted()).toEqual([...NO_RUN_REASONS].toSorted());
  });
});
