import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

describe('kubectl with Tekton objects', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it('creates a run by generateName, waits for it, shows its columns, its pods and its logs', async () => {
    const created = await cluster.kubectl(
      ['create', '-f', '-', '-o', 'name'],
      `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { generateName: seen- }
spec: { pipelineSpec: { tasks: [{ name: one, taskSpec: { steps: [{ name: say, image: "busybox:1", script: "echo hello" }] } }] } }
`,
    );
    const name = created.stdout.trim().replace(/^.*\//, '');
    const waited = await cluster.kubectl([
      'wait',
      '--for=condition=Succeeded',
      `pr/${name}`,
      '--timeout=60s',
    ]);
    expect(waited).toMatchObject({ code: 0, stderr: '' });
    const runs = await cluster.kubectl(['get', 'pr']);
    expect(runs.stdout).toMatch(/^NAME +SUCCEEDED +REASON +STARTTIME +COMPLETIONTIME *\n/);
    expect(runs.stdout).toMatch(new RegExp(`${name} +True +Succeeded`));
    expect((await cluster.kubectl(['get', 'tr', '-l', `tekton.dev/pipelineRun=${name}`])).stdout).toContain(
      'True',
    );
    expect((await cluster.kubectl(['get', 'pods'])).stdout).toMatch(
      new RegExp(`${name}-one-pod +0/1 +Completed`),
    );
    expect((await cluster.kubectl(['logs', '-f', `${name}-one-pod`, '-c', 'step-say'])).stdout).toBe(
      'hello\n',
    );
  });

  it('says why it refuses an object', async () => {
    const refused = await cluster.kubectl(
      ['create', '-f', '-'],
      'apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: none }\nspec: { steps: [] }\n',
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('spec.steps');
    expect(refused.stderr).toContain('missing field(s)');
  });
});
