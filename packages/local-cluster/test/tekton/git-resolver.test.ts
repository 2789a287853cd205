/** The git resolver beyond the corpus: where things came from, private repositories, repositories that are away. */

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { serveDefinitions } from '../conformance/serve-definitions.ts';
import { describeLocally } from '../local-only.ts';
import { condition, resultsOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

const provenanceSchema = z.object({ refSource: z.unknown() });

const taskRun = (name: string, params: Readonly<Record<string, string>>): string => `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: ${name} }
spec:
  taskRef:
    resolver: git
    params: ${JSON.stringify(Object.entries(params).map(([key, value]) => ({ name: key, value })))}
`;

/** A repository that wants to know who asks, and never likes the answer. */
async function startPrivateForge(seen: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

describeLocally('the git resolver', () => {
  const tekton = useTekton();
  let definitions: Awaited<ReturnType<typeof serveDefinitions>>;
  beforeAll(async () => {
    definitions = await serveDefinitions('127.0.0.1', 'any-image:1');
  });
  afterAll(async () => await definitions[Symbol.asyncDispose]());

  it('says of a run and of its TaskRuns which file of which commit they were made of', async () => {
    const { gitUrl, gitRevision } = definitions;
    const params = { url: gitUrl, revision: 'main', pathInRepo: 'pipeline.yaml' };
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: sourced }
spec:
  params: [{ name: word, value: hello }]
  pipelineRef:
    resolver: git
    params: ${JSON.stringify(Object.entries(params).map(([name, value]) => ({ name, value })))}
`);
    const run = await tekton().finished('PipelineRun', 'sourced');
    expect(condition(run)?.message).toContain('Tasks Completed: 1');
    expect(resultsOf(run)).toEqual({ word: 'hello' });
    const sourceOf = (entryPoint: string): object => ({
      uri: `git+${gitUrl}`,
      digest: { sha1: gitRevision },
      entryPoint,
    });
    const provenance = provenanceSchema.parse(run.status['provenance']);
    expect(provenance.refSource).toEqual(sourceOf('pipeline.yaml'));
    const child = await tekton().get('TaskRun', 'sourced-one');
    expect(provenanceSchema.parse(child?.status['provenance']).refSource).toEqual(
      sourceOf('folder/task.yaml'),
    );
  });

  it('reads a private repository with the token of the Secret, which no status repeats', async () => {
    const seen: string[] = [];
    const forge = await startPrivateForge(seen);
    try {
      await tekton().apply(`
apiVersion: v1
kind: Secret
metadata: { name: reader }
stringData: { token: hunter2-of-the-forge }
---
${taskRun('private', { url: `http://127.0.0.1:${portOf(forge)}/a.git`, revision: 'main', pathInRepo: 'a.yaml', gitToken: 'reader' })}
---
${taskRun('no-secret', { url: `http://127.0.0.1:${portOf(forge)}/a.git`, revision: 'main', pathInRepo: 'a.yaml', gitToken: 'nobody' })}
`);
      const run = await tekton().finished('TaskRun', 'private');
      expect(condition(run)).toMatchObject({ reason: 'TaskRunResolutionFailed' });
      expect(condition(run)?.message).toContain('authentication required');
      expect(JSON.stringify(run)).not.toContain('hunter2');
      expect(seen.filter((header) => header !== '')).toContain(
        `Basic ${Buffer.from('git:hunter2-of-the-forge').toString('base64')}`,
      );
      const refused = await tekton().finished('TaskRun', 'no-secret');
      expect(condition(refused)?.message).toContain('secret nobody not found');
    } finally {
      forge.closeAllConnections();
      forge.close();
    }
  });

  it('fetches a commit once: a repository that is away later keeps nobody from running it', async () => {
    const other = await serveDefinitions('127.0.0.1', 'other-image:1');
    const { gitUrl: url, gitRevision: revision } = other;
    await tekton().apply(taskRun('first', { url, revision, pathInRepo: 'folder/task.yaml' }));
    expect(condition(await tekton().finished('TaskRun', 'first'))?.status).toBe('True');
    await other[Symbol.asyncDispose]();
    await tekton().apply(taskRun('second', { url, revision, pathInRepo: 'folder/task.yaml' }));
    expect(condition(await tekton().finished('TaskRun', 'second'))?.status).toBe('True');
    await tekton().apply(taskRun('moving', { url, revision: 'main', pathInRepo: 'folder/task.yaml' }));
    const away = await tekton().finished('TaskRun', 'moving');
    expect(condition(away)?.message).toMatch(/git fetch error: .*exit status 128$/s);
  });
});
