/** beginPipelineRun: the first looks at a PipelineRun, until its pipeline and all tasks are known and fit. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { ObjectKey } from '../../contracts/kube-object.ts';
import { fillPipelineSpec } from '../pipeline-run/fill-pipeline-spec.ts';
import type { FoundPipeline } from '../pipeline-run/pipeline-definitions.ts';
import { isRemote, remoteTasksOf } from '../pipeline-run/remote-references.ts';
import { findPipeline, resolvePipelineRun } from '../pipeline-run/resolve-pipeline-run.ts';
import type { DefinitionResource } from '../remote/parse-definition.ts';
import type { RemoteDefinitions } from '../remote/remote-definitions.ts';
import { failed, running, type Verdict } from '../specs/condition.ts';
import type { DefinitionRef, PipelineSpec } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import { TEKTON_LABEL } from '../specs/tekton-labels.ts';
import { adoptMetadata } from '../task-run/adopt-metadata.ts';
import { definitionsOf } from './definitions.ts';
import { createClaim } from './volume-claims.ts';
import { writePipelineRunStatus } from './write-pipeline-run-status.ts';

export interface Beginning {
  readonly context: ClusterContext;
  readonly remote: RemoteDefinitions;
  /** Has the run looked at again. */
  readonly wake: () => void;
}

/** The spec to run; undefined when the run ended here, or something of it is still being fetched. */
export function beginPipelineRun(
  run: PipelineRun,
  key: ObjectKey,
  beginning: Beginning,
): PipelineSpec | undefined {
  const { context, remote } = beginning;
  const definitions = definitionsOf({
    store: context.store,
    remote,
    namespace: run.namespace,
    owner: run.uid,
  });
  const refs = [run.spec.pipelineRef].filter(isRemote);
  if (isFetching(run, { refs, resource: 'pipelines' }, beginning)) {
    return wait(run, key, 'ResolvingPipelineRef', context);
  }
  const found = findPipeline(run, definitions);
  const tasks = found.ok ? remoteTasksOf(fillPipelineSpec(run, found.value.spec)) : [];
  if (isFetching(run, { refs: tasks, resource: 'tasks' }, beginning)) {
    return wait(run, key, 'ResolvingTaskRef', context);
  }
  if (found.ok) adopt(key, found.value, context);
  const resolved = found.ok ? resolvePipelineRun(run, found.value.spec, definitions) : found;
  const failure = resolved.ok ? createClaims(run, context) : resolved.error;
  if (failure !== undefined) writePipelineRunStatus(key, { verdict: failure }, context);
  return resolved.ok && failure === undefined ? resolved.value : undefined;
}

interface Wanted {
  readonly refs: readonly DefinitionRef[];
  readonly resource: DefinitionResource;
}

/** Asks for what is not known yet. */
function isFetching(run: PipelineRun, { refs, resource }: Wanted, { remote, wake }: Beginning): boolean {
  const questions = refs.map((ref) => ({ ref, resource, namespace: run.namespace, owner: run.uid }));
  const open = questions.filter((question) => remote.find(question) === undefined);
  if (open.length > 0) void Promise.all(open.map((question) => remote.load(question))).then(wake);
  return open.length > 0;
}

function wait(run: PipelineRun, key: ObjectKey, reason: string, context: ClusterContext): undefined {
  const verdict = running(reason, `PipelineRun ${run.namespace}/${run.name} awaiting remote resource`);
  writePipelineRunStatus(key, { verdict }, context);
}

/** A fetched pipeline gives its run its name, and says where it came from. */
function adopt(key: ObjectKey, found: FoundPipeline, context: ClusterContext): void {
  const { refSource, name } = found;
  const names = refSource === undefined ? {} : { [TEKTON_LABEL.pipeline]: name };
  adoptMetadata(key, { ...found, names }, context.store);
  if (refSource === undefined) return;
  const verdict = running('Started', '');
  writePipelineRunStatus(key, { verdict, fields: { provenance: { refSource } } }, context);
}

function createClaims(run: PipelineRun, context: ClusterContext): Verdict | undefined {
  const owner = {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    name: run.name,
    uid: run.uid,
    controller: true,
  };
  for (const binding of run.spec.workspaces ?? []) {
    if (binding.volumeClaimTemplate === undefined) continue;
    const created = createClaim(context, run.namespace, binding, owner);
    if (created.ok || created.error.reason === 'AlreadyExists') continue;
    return failed(
      'CouldntCreateWorkspacePVC',
      `Failed to create PVC for PipelineRun ${run.namespace}/${run.name} correctly: ${created.error.message}`,
    );
  }
  return undefined;
}
