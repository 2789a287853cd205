/** bindWorkspaces: what a team keeps in Secrets and claims, as workspaces of its runs. */

import type { WorkspaceBinding } from '../tekton/workspace.ts';
import type { Team } from './team.ts';

export type BoundByTeam = Pick<Team, 'sshSecret' | 'registrySecret' | 'buildCacheClaim'>;

/** All of them are optional in the pipelines; what is not set is not bound. */
export function bindWorkspaces({
  sshSecret,
  registrySecret,
  buildCacheClaim,
}: BoundByTeam): WorkspaceBinding[] {
  const secrets = { 'ssh-key': sshSecret, 'registry-credentials': registrySecret };
  const bound = Object.entries(secrets).flatMap(([name, secretName]) =>
    secretName === undefined ? [] : [{ name, secret: { secretName } }],
  );
  if (buildCacheClaim === undefined) return bound;
  return [...bound, { name: 'build-cache', persistentVolumeClaim: { claimName: buildCacheClaim } }];
}
