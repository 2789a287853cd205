/** serveDefinitions: a Git repository of tasks and pipelines over HTTP, for the cases of the git resolver. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { serveGit } from '../../../../e2e/cluster/rig/serve-git.ts';
import type { Substitutions } from './read-case.ts';

const run = promisify(execFile);

const taskOf = (image: string): string => `
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: task-from-git, labels: { of: the-task } }
spec:
  params: [{ name: word, default: none }]
  results: [{ name: word }]
  steps:
    - image: ${image}
      env: [{ name: TEXT, value: $(params.word) }, { name: WORD, value: $(results.word.path) }]
      script: 'printf %s "$TEXT" > "$WORD"'
`;

const pipelineOf = (path: string): string => `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: pipeline-from-git, labels: { of: the-pipeline }, annotations: { about: the-pipeline } }
spec:
  params:
    - { name: url, default: GIT_URL }
    - { name: revision, default: main }
    - { name: token, default: '' }
    - { name: word, default: none }
  results: [{ name: word, value: $(tasks.one.results.word) }]
  tasks:
    - name: one
      params: [{ name: word, value: $(params.word) }]
      taskRef:
        resolver: git
        params:
          - { name: url, value: $(params.url) }
          - { name: revision, value: $(params.revision) }
          - { name: gitToken, value: $(params.token) }
          - { name: pathInRepo, value: ${path} }
`;

/** Who commits, and when, is fixed: the commit is the same each time but for the image and the address. */
const GIT_ENV = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'corpus',
  GIT_AUTHOR_EMAIL: 'corpus@example.com',
  GIT_COMMITTER_NAME: 'corpus',
  GIT_COMMITTER_EMAIL: 'corpus@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

/** The words of the repository, until it is disposed. `address` is one that the engine under test reaches. */
export async function serveDefinitions(
  address: string,
  image: string,
): Promise<Pick<Substitutions, 'gitUrl' | 'gitRevision'> & AsyncDisposable> {
  await using cleanups = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), 'definitions-'));
  cleanups.defer(() => rm(root, { recursive: true, force: true }));
  const server = cleanups.use(await serveGit(root, address));
  const gitUrl = `${server.url}/definitions.git`;
  const directory = join(root, 'definitions.git');
  const files = {
    'folder/task.yaml': taskOf(image),
    'pipeline.yaml': pipelineOf('folder/task.yaml').replaceAll('GIT_URL', gitUrl),
    'pipeline-without-task.yaml': pipelineOf('no-such-task.yaml').replaceAll('GIT_URL', gitUrl),
    'notes.txt': 'no object at all\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  await symlink('folder', join(directory, 'linked-folder'));
  await symlink('/etc/passwd', join(directory, 'linked-outside.yaml'));
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: directory, env: GIT_ENV })).stdout.trim();
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'definitions');
  const gitRevision = await git('rev-parse', 'HEAD');
  const kept = cleanups.move();
  return { gitUrl, gitRevision, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
