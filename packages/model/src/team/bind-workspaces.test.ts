import { expect, it } from 'vitest';
import { bindWorkspaces } from './bind-workspaces.ts';

it('binds what is set and nothing else', () => {
  expect(bindWorkspaces({})).toEqual([]);
  expect(bindWorkspaces({ registrySecret: 'push', buildCacheClaim: 'cache' })).toEqual([
    { name: 'registry-credentials', secret: { secretName: 'push' } },
    { name: 'build-cache', persistentVolumeClaim: { claimName: 'cache' } },
  ]);
  expect(bindWorkspaces({ sshSecret: 'key' })).toEqual([{ name: 'ssh-key', secret: { secretName: 'key' } }]);
});
