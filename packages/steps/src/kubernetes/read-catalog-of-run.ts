/** readCatalogOfRun: which tasks and pipelines a run is made of, as its PipelineRun tells. */
import { catalogOf, type RunProvenance } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { pipelineRuns } from './run-kinds.ts';
import type { RunIdentity } from './run-record.ts';

/** Undefined when it does not tell, or is gone. */
export const readCatalogOfRun = async (
  client: KubeClient,
  { namespace, name }: RunIdentity,
): Promise<RunProvenance['catalog']> => {
  const run = await client.resource(pipelineRuns, namespace).get(name);
  return run === undefined ? undefined : catalogOf(run);
};
