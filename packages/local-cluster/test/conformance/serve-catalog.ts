/** A git repository of tasks and pipelines for the git resolver: branch main, and tag v1 on its first commit. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serveGit } from '../../../../e2e/cluster/rig/serve-git.ts';

const runFile = promisify(execFile);

const task = (image: string, word: string): string => `
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: from-git }
spec:
  results: [{ name: word }]
  steps: [{ name: say, image: "${image}", env: [{ name: WORD, value: $(results.word.path) }], script: 'printf "${word}" > "$WORD"' }]
`;

const PIPELINE = `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: pipeline-from-git }
spec:
  results: [{ name: word, value: $(tasks.one.results.word) }]
  tasks:
    - name: one
      taskRef:
        resolver: git
        params: [{ name: url, value: GIT_URL/acme/catalog.git }, { name: revision, value: main }, { name: pathInRepo, value: tasks/one.yaml }]
`;

export interface Catalog extends AsyncDisposable {
  readonly gitUrl: string;
}

/** `image` is what the steps run; `address` is where to listen. */
export async function serveCatalog(image: string, address: string): Promise<Catalog> {
  const root = mkdtempSync(join(tmpdir(), 'catalog-'));
  const bare = join(root, 'acme', 'catalog.git');
  const work = join(root, 'work');
  const git = (...args: string[]) =>
    runFile('git', ['-C', work, '-c', 'user.name=dev', '-c', 'user.email=dev@example.com', ...args]);
  const write = (path: string, text: string): void => writeFileSync(join(work, path), text);
  const server = await serveGit(root, address);
  mkdirSync(join(work, 'tasks'), { recursive: true });
  mkdirSync(join(work, 'pipelines'));
  await git('init', '--quiet', '--initial-branch=main');
  write('tasks/one.yaml', task(image, 'first'));
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'first');
  await git('tag', 'v1');
  write('tasks/one.yaml', task(image, 'second'));
  write('pipelines/one.yaml', PIPELINE.replaceAll('GIT_URL', server.url));
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'second');
  await git('clone', '--quiet', '--bare', work, bare);
  return {
    gitUrl: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
