import { describe, expect, it } from 'vitest';
import { createPathView } from './path-view.ts';

const view = createPathView({
  mounts: [
    { path: '/workspace', hostPath: '/host/ws' },
    { path: '/workspace/source', hostPath: '/host/source' },
    { path: '/odd', hostPath: '/host/with space' },
    { path: '/tmp', hostPath: '/host/tmp' },
  ],
  visible: ['/tmp/state'],
});

describe('a path view', () => {
  it.each([
    ['/workspace/a', '/host/ws/a'],
    ['/workspace/source/a', '/host/source/a'],
    ['/workspace/../workspace/a', '/host/ws/a'],
    ['/workspaces/a', '/workspaces/a'],
    ['relative/workspace', 'relative/workspace'],
    ['/tmp/a', '/host/tmp/a'],
    ['/tmp/state/kubeconfig', '/tmp/state/kubeconfig'],
    ['/tmp/statement', '/host/tmp/statement'],
  ])('shows %s as %s, the longest mount winning', (path, host) => {
    expect(view.path(path)).toBe(host);
  });

  it('translates colon lists piece by piece and leaves URLs alone', () => {
    expect(view.value('/workspace/a:/usr/bin:/workspace/source')).toBe('/host/ws/a:/usr/bin:/host/source');
    expect(view.value('http://host:8080/workspace/a')).toBe('http://host:8080/workspace/a');
  });

  it.each([
    ['--config=/workspace/c.yaml', '--config=/host/ws/c.yaml'],
    ['cat /workspace/source/a; ls "/workspace"', 'cat /host/source/a; ls "/host/ws"'],
    ['/tmp/state/main.ts', '/tmp/state/main.ts'],
    ['ls /tmp/state /tmp/statement /tmp', 'ls /tmp/state /host/tmp/statement /host/tmp'],
    ['ls ./workspace /my/workspace /workspace-2', 'ls ./workspace /my/workspace /workspace-2'],
  ])('translates the argument %s', (argument, host) => {
    expect(view.argument(argument)).toBe(host);
  });

  it('puts no host path into a shell text that would need quotes', () => {
    expect(view.argument('cat /odd/file')).toBe('cat /odd/file');
    expect(view.argument('/odd/file')).toBe('/host/with space/file');
  });
});
