import { describe, expect, it } from 'vitest';
import { parseTeamValues } from './parse-team-values.ts';

function problemsOf(text: string): string[] {
  const values = parseTeamValues(text, 'values.yaml');
  return values.ok
    ? []
    : values.error.map(({ line, column, message, hint }) => `${line}:${column} ${message} (${hint ?? ''})`);
}

describe('parseTeamValues', () => {
  it.each([
    'image: { tag: "1.2.3" }',
    'orchestrator: { settings: { TEKTON_DAG_MAX_LIVE_RUNS: 5, TEKTON_DAG_LOG_LEVEL: debug } }',
    'orchestrator: { topologySpreadConstraints: null, podDisruptionBudget: { enabled: null } }',
    'orchestrator: { resources: { limits: { memory: 1Gi, cpu: 2 } } }',
    'extraObjects: [{ apiVersion: v1, kind: ConfigMap, data: {} }, "apiVersion: v1"]',
  ])('takes %s', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('takes a file without values', () => {
    expect(parseTeamValues('{}\n', 'values.yaml')).toEqual({ ok: true, value: {} });
  });

  it('takes null for what takes a default away, and leaves it out', () => {
    const text = `
image: { tag: null }
orchestrator: { resources: { limits: { memory: null } }, priorityClassName: null, affinity: null }
metrics: { dashboard: { labels: { grafana_dashboard: null } } }
`;
    expect(parseTeamValues(text, 'values.yaml')).toEqual({
      ok: true,
      value: {
        image: {},
        orchestrator: { resources: { limits: {} } },
        metrics: { dashboard: { labels: {} } },
      },
    });
  });

  it.each([
    [
      'orchestrator: { settings: { TEKTON_DAG_MAX_LIVE_RUNS: null } }',
      '1:55 expected a number, found nothing ()',
    ],
    ['orchestrator:\nimage: {}', '1:1 expected a map, found nothing ()'],
    ['metrics: { port: null }', '1:18 expected a number, found nothing ()'],
    ['extraObjects: [null]', '1:16 expected a text, found nothing ()'],
    ['orchestrator: { replica: 2 }', '1:17 unknown key "replica" (did you mean "replicas"?)'],
    ['orchestrator: { replicas: two }', '1:27 expected a number, found "two" ()'],
    ['catalog: { source: helm }', '1:20 unknown source "helm" (use one of: chart, existing, git)'],
    ['image: { digest: sha256:1 }', '1:18 "sha256:1" is not valid (write sha256: and 64 hexadecimal digits)'],
    [
      'image: { registry: ghcr.io/acme/ }',
      '1:20 "ghcr.io/acme/" is not valid (write host[:port][/path] without scheme and without a slash at the end, such as ghcr.io/acme)',
    ],
    [
      'orchestrator: { settings: { TEKTON_DAG_LISTEN_PORT: 1 } }',
      '1:29 unknown key "TEKTON_DAG_LISTEN_PORT" ()',
    ],
    [
      'orchestrator: { settings: { TEKTON_DAG_MAX_LIVE_RUNS: many } }',
      '1:55 expected a number, found "many" ()',
    ],
    [
      'stackFiles: { ../x.yaml: "" }',
      '1:15 "../x.yaml" is not the path of a stack file (write a relative path without "." and ".." that ends in .yaml, such as stacks/stack-one.yaml)',
    ],
    ['metrics: { port: 70000 }', '1:18 70000 is not a port (write a whole number from 1 to 65535)'],
    ['buildCache: { size: lots }', '1:21 "lots" is not valid (write a size such as 2Gi or 500m)'],
    ['extraObjects: [{ kind: X }]', '1:16 missing key "apiVersion" ()'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('points keys of the team to their file', () => {
    expect(problemsOf('imageRegistry: ghcr.io/acme\nnamespaces: x\n')).toEqual([
      '1:1 unknown key "imageRegistry" (it belongs into team.yaml)',
      '2:1 unknown key "namespaces" ()',
    ]);
  });
});
