/** startBundle: the bundled program's `serve`, as it is installed, with the API server at `apiUrl`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleProgram } from '../../scripts/bundle/bundle-program.ts';
import type { BenchProcess } from './start-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LISTENS = /listens on (\S+)\.$/;

/** Bundle and kubeconfig go into `directory`; `env` is all that the process sees, besides PATH. */
export async function startBundle(
  directory: string,
  apiUrl: string,
  env: Readonly<Record<string, string>>,
): Promise<BenchProcess> {
  const bundle = await bundleProgram(ROOT, join(directory, 'dist'));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigFor(apiUrl)));
  const child = spawn(
    process.execPath,
    [join(bundle.directory, 'tekton-dag.js'), 'serve', '--kubeconfig', kubeconfig],
    {
      env: { PATH: process.env['PATH'], HOME: directory, ...(await readMemorySettings()), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  for await (const line of createInterface({ input: child.stderr })) {
    const url = LISTENS.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return { url, pid: child.pid ?? 0, kill, [Symbol.asyncDispose]: kill };
  }
  throw new Error('the service ended before it listened');
}

/** What the image tells glibc. */
async function readMemorySettings(): Promise<Record<string, string>> {
  const dockerfile = await readFile(join(ROOT, 'images/tekton-dag/Dockerfile'), 'utf8');
  const settings = [...dockerfile.matchAll(/\b(MALLOC_\w+)=(\d+)/g)];
  return Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value]));
}

function kubeconfigFor(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server } }],
    users: [{ name: 'bench', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  };
}
