import { expect, it } from 'vitest';
import { parseTeam } from './parse-team.ts';
import { testParamsOf } from './test-params.ts';

const paramsOf = (extra: string): Record<string, string | undefined> => {
  const text = `name: payments\nimageRegistry: ghcr.io/acme\ngitUrl: https://github.com/acme/platform\nstacks: []\n${extra}`;
  const team = parseTeam(text, 'team.yaml');
  if (!team.ok) throw new Error(team.error[0]?.message);
  return testParamsOf(team.value);
};

it('leaves to the pipeline what the team does not say, but for the backend, which is gateway', () => {
  expect(Object.entries(paramsOf('')).filter(([, value]) => value !== undefined)).toEqual([
    ['intercept-backend', 'gateway'],
  ]);
});

it("names the team's images of the intercept tools", () => {
  const images =
    'interceptImages: { mirrord: "mirror.example/mirrord:1", mirrordAgent: "mirror.example/agent:1" }';
  expect(paramsOf(`interceptBackend: mirrord\n${images}\nhooks: { preTest: seed }`)).toMatchObject({
    'intercept-backend': 'mirrord',
    'mirrord-image': 'mirror.example/mirrord:1',
    'mirrord-agent-image': 'mirror.example/agent:1',
    'pre-test-task': 'seed',
  });
});
