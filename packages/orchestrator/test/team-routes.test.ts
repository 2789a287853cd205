/** What GET /api/teams tells to whom. */

import { expect, it } from 'vitest';
import { startApiRig, TWO_TEAMS, type ApiRig } from './api-rig.ts';

const MORE = `registrySecret: push-to-registry
sshSecret: reads-repositories
weight: 3
access: [{ role: viewer, groups: [tellers] }]
`;

async function bankAsSeenBy(api: ApiRig, token: Parameters<ApiRig['as']>[0]): Promise<unknown> {
  const response = await api.as(token, 'GET', '/api/teams');
  expect(response.status).toBe(200);
  const teams: { readonly bank?: unknown } = JSON.parse(await response.text());
  return teams.bank;
}

it('shows a team as its file says it, names of Secrets and who has access to its administrators alone', async () => {
  await using api = await startApiRig({
    files: { 'teams/bank/team.yaml': TWO_TEAMS['teams/bank/team.yaml'] + MORE },
  });
  const open = { name: 'bank', weight: 3, host: 'github.com', versionsFile: 'stacks/versions.yaml' };
  const own = {
    registrySecret: 'push-to-registry',
    sshSecret: 'reads-repositories',
    buildCacheClaim: null,
    access: [{ role: 'viewer', users: [], groups: ['tellers'] }],
  };
  expect(await bankAsSeenBy(api, 'bank-admin')).toMatchObject({ ...open, ...own });
  const seen = await bankAsSeenBy(api, 'all-viewer');
  expect(seen).toMatchObject(open);
  expect(JSON.stringify(seen)).not.toMatch(/push-to-registry|reads-repositories|tellers|Secret|access/);
  expect(await bankAsSeenBy(api, 'shop-viewer')).toBeUndefined();
});
