/**
 * A Kubernetes API with runs that wait, as a process of its own: RUNS of them, of TEAMS teams in NAMESPACES namespaces, of
 * the size that real ones have. Tells its URL on stdout.
 */

import { startFakeApiServer } from '@tekton-dag/kube/testing';
import { ANNOTATION, LABEL, renderPipelineRun } from '@tekton-dag/model';

const runs = Number(process.env['RUNS'] ?? 10_000);
const teams = Number(process.env['TEAMS'] ?? 1_000);
const namespaces = Number(process.env['NAMESPACES'] ?? 20);
const FIRST_CREATED_MS = Date.parse('2026-01-02T03:00:00Z');
const FIELD = 'a value of usual length, such as a URL of a repository';

const params = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`param-${index}`, FIELD]));
const api = await startFakeApiServer();
for (let index = 0; index < runs; index += 1) {
  const team = index % teams;
  const namespace = `runs-${team % namespaces}`;
  const name = `stack-pr-${index}-abcdefgh`;
  const run = renderPipelineRun({
    name,
    namespace,
    mode: 'pr',
    params,
    pending: true,
    labels: { [LABEL.team]: `team-${team}`, [LABEL.session]: `pr-${index}-abcdef`, [LABEL.stack]: 'shop' },
    annotations: { [ANNOTATION.sha]: 'a'.repeat(40), [ANNOTATION.repository]: `acme/app-${team}` },
  });
  const metadata = {
    ...run.metadata,
    creationTimestamp: new Date(FIRST_CREATED_MS + index * 1_000).toISOString(),
    managedFields: [{ manager: 'tekton-dag', operation: 'Update', fieldsV1: params }],
  };
  api.put(`/apis/tekton.dev/v1/namespaces/${namespace}/pipelineruns`, { ...run, metadata });
}
process.stdout.write(`${api.url}\n`);
