import { describe, expect, it } from 'vitest';
import { mergeKubeConfigFiles, parseKubeConfigFile } from './kube-config-file.ts';
import { resolveKubeConfig } from './resolve-kube-config.ts';

const FILE = `
current-context: dev
clusters:
  - name: one
    cluster: { server: https://one.example:6443/, insecure-skip-tls-verify: true, certificate-authority: ca.pem }
contexts:
  - name: dev
    context: { cluster: one, user: me, namespace: apps }
  - name: nobody
    context: { cluster: one, user: ghost }
  - name: nowhere
    context: { cluster: ghost }
users:
  - name: me
    user: { token: secret, exec: { command: ./plugin, args: [1, two] } }
`;

async function parse(text: string, path: string) {
  const file = await parseKubeConfigFile(text, path);
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
}

describe('a kubeconfig file', () => {
  it('has its relative paths resolved against its own directory', async () => {
    const file = await parse(FILE, '/etc/kube/config');
    expect(file.clusters.get('one')?.['certificate-authority']).toBe('/etc/kube/ca.pem');
    expect(file.users.get('me')?.['exec']).toMatchObject({ command: '/etc/kube/plugin' });
  });

  it.each([
    ['nobody', 'no-user'],
    ['nowhere', 'no-cluster'],
    ['ghost', 'no-context'],
  ])('fails for the context %s with the reason %s', async (context, reason) => {
    const outcome = await resolveKubeConfig(await parse(FILE, '/etc/kube/config'), context);
    expect(outcome).toMatchObject({ ok: false, error: { reason } });
  });

  it('names the contexts that there are when the one asked for is not', async () => {
    const outcome = await resolveKubeConfig(await parse(FILE, '/etc/kube/config'), 'ghost');
    expect(outcome).toMatchObject({
      error: { message: '/etc/kube/config: there is no context ghost (contexts: dev, nobody, nowhere)' },
    });
  });

  it('says which file is not a kubeconfig, for every kind of rubbish', async () => {
    for (const text of ['', '- a', '{', 'a: [', '"text"']) {
      const outcome = await parseKubeConfigFile(text, '/x');
      expect(outcome).toEqual({
        ok: false,
        error: { reason: 'malformed', message: '/x is not a kubeconfig' },
      });
    }
  });

  it('gives way to an earlier file of KUBECONFIG, entry by entry', async () => {
    const first = await parse('users: [{name: me, user: {token: first}}]', '/first');
    const second = await parse(FILE, '/second');
    const merged = mergeKubeConfigFiles([first, second]);
    expect(merged.users.get('me')).toEqual({ token: 'first' });
    expect(merged.currentContext).toBe('dev');
    expect(merged.clusters.size).toBe(1);
  });
});
