/** Brings one PipelineRun a step further: reads the world, decides, writes. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { KubeObject, ObjectKey } from '../../contracts/kube-object.ts';
import { childReference } from '../pipeline-run/child-references.ts';
import { childRunOf, TASK_RUN_CANCELLED } from '../pipeline-run/child-run.ts';
import {
  decidePipelineRun,
  type CancelRequest,
  type PipelineRunDecision,
  type TaskRunRequest,
} from '../pipeline-run/decide-pipeline-run.ts';
import { findMissingWorkspace } from '../pipeline-run/find-missing-workspace.ts';
import { pipelineRunFacts } from '../pipeline-run/pipeline-run-facts.ts';
import { renderTaskRun } from '../pipeline-run/render-task-run.ts';
import { resultReplacements } from '../pipeline-run/result-replacements.ts';
import { checkResults, pipelineRunResults } from '../pipeline-run/run-results.ts';
import { timeoutsOf } from '../pipeline-run/run-timeouts.ts';
import type { RunFacts } from '../pipeline-run/task-facts.ts';
import type { RemoteDefinitions } from '../remote/remote-definitions.ts';
import { failed, isDone, running, type Verdict } from '../specs/condition.ts';
import type { PipelineSpec, PipelineTask } from '../specs/pipeline-spec.ts';
import { identityOf, readPipelineRun, readTaskRun, type PipelineRun } from '../specs/read-run.ts';
import { TEKTON_GROUP } from '../specs/tekton-labels.ts';
import type { Replacements } from '../substitution/replacements.ts';
import { substitute } from '../substitution/substitute.ts';
import { taskRunKey } from '../task-run/task-recorder.ts';
import { beginPipelineRun } from './begin-pipeline-run.ts';
import { definitionsOf } from './definitions.ts';
import type { RunChildren } from './run-children.ts';
import { writePipelineRunStatus, type StatusChange } from './write-pipeline-run-status.ts';

export const pipelineRunKey = (namespace: string, name: string): ObjectKey => ({
  group: TEKTON_GROUP,
  resource: 'pipelineruns',
  namespace,
  name,
});

export interface PipelineRunEngine {
  readonly context: ClusterContext;
  readonly children: RunChildren;
  readonly remote: RemoteDefinitions;
}

/** Returns when to look again even if nothing happens; `wake` has the run looked at again. */
export function reconcilePipelineRun(
  key: ObjectKey,
  { context, children, remote }: PipelineRunEngine,
  wake: () => void,
): number | undefined {
  const object = context.store.get(key);
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
  const run = readPipelineRun(object);
  if (isDone(run.status)) return undefined;
  if (run.spec.status === 'PipelineRunPending') {
    writePipelineRunStatus(
      key,
      { verdict: running('PipelineRunPending', `PipelineRun "${run.name}" is pending`) },
      context,
    );
    return undefined;
  }
  const spec = run.status.pipelineSpec ?? beginPipelineRun(run, key, { context, remote, wake });
  if (spec === undefined) return undefined;
  const labelled = readPipelineRun(context.store.get(key) ?? object);
  return advance({ run: labelled, key, spec, taskRuns: children.of(run.uid), context, remote });
}

interface World {
  readonly run: PipelineRun;
  readonly key: ObjectKey;
  readonly spec: PipelineSpec;
  readonly taskRuns: readonly KubeObject[];
  readonly context: ClusterContext;
  readonly remote: RemoteDefinitions;
}

function advance(world: World): number | undefined {
  const { run, key, spec, context } = world;
  const startTime = run.status.startTime ?? context.now().toISOString();
  const facts = pipelineRunFacts(
    run,
    spec,
    world.taskRuns.map((object) => ({
      ...childRunOf(readTaskRun(object)),
      pipelineTask: pipelineTaskOf(object),
    })),
    { startMs: Date.parse(startTime), nowMs: context.now().getTime() },
  );
  const decision = decidePipelineRun(facts);
  const refusal = createTaskRuns(decision, world, facts);
  for (const request of decision.cancel) cancelTaskRun(run.namespace, request, context);
  const startsFinally = decision.startsFinally && run.status.finallyStartTime === undefined;
  const fields = {
    startTime,
    pipelineSpec: spec,
    childReferences: childReferencesOf(world, madeOf(decision, world), facts),
    skippedTasks: decision.skipped,
    ...(startsFinally && { finallyStartTime: context.now().toISOString() }),
  };
  const verdict = refusal ?? decision.verdict;
  const end = verdict.status === 'Unknown' ? { verdict } : endOf(run, spec, facts, verdict);
  writePipelineRunStatus(key, { ...end, fields: { ...fields, ...end.fields } }, context);
  return decision.wakeAtMs;
}

const pipelineTaskOf = (object: KubeObject): string =>
  identityOf(object).labels['tekton.dev/pipelineTask'] ?? '';

/** Creates the TaskRuns that are due; one that is there already was made before a restart. */
function createTaskRuns(
  decision: PipelineRunDecision,
  { run, context, remote }: World,
  facts: RunFacts,
): Verdict | undefined {
  const timeouts = timeoutsOf(run.spec);
  const { namespace, uid: owner } = run;
  const definitions = definitionsOf({ store: context.store, remote, namespace, owner });
  for (const request of decision.create) {
    const lacking = findMissingWorkspace(run, request.task, definitions);
    if (lacking !== undefined) return lacking;
    const isFinal = facts.tasks.get(request.task.name)?.isFinal === true;
    const taskRun = renderTaskRun(request, { run, isFinal, timeouts });
    const created = context.store.create({ group: TEKTON_GROUP, resource: 'taskruns' }, taskRun);
    if (created.ok || created.error.reason === 'AlreadyExists') continue;
    return failed(
      'CreateRunFailed',
      `error creating TaskRuns called ${request.name}: ${created.error.message}`,
    );
  }
  return undefined;
}

/** The TaskRuns that are there now; after a refusal not all are. */
function madeOf({ create }: PipelineRunDecision, { run, context }: World): TaskRunRequest[] {
  return create.filter(({ name }) => context.store.get(taskRunKey(run.namespace, name)) !== undefined);
}

function cancelTaskRun(
  namespace: string,
  { name, message }: CancelRequest,
  { store, log }: ClusterContext,
): void {
  const taskRun = store.get(taskRunKey(namespace, name));
  if (taskRun === undefined) return;
  const spec = { ...Object(taskRun['spec']), status: TASK_RUN_CANCELLED, statusMessage: message };
  const updated = store.update({ group: TEKTON_GROUP, resource: 'taskruns' }, { ...taskRun, spec });
  if (!updated.ok) log.warn({ taskRun: name, reason: updated.error.reason }, 'could not cancel a TaskRun');
}

interface ListedChild {
  readonly name: string;
  readonly pipelineTaskName?: unknown;
}

/** In the order of the pipeline's tasks, as Tekton lists them, and of the combinations of a matrix. */
function childReferencesOf(
  { run, spec, taskRuns }: World,
  made: readonly TaskRunRequest[],
  facts: RunFacts,
): ListedChild[] {
  const results = resultReplacements(facts.tasks.values());
  const tasks = new Map([...(spec.tasks ?? []), ...(spec.finally ?? [])].map((task) => [task.name, task]));
  const before = new Map((run.status.childReferences ?? []).map((reference) => [reference.name, reference]));
  const existing = taskRuns.flatMap((object) => {
    const { name, spec } = readTaskRun(object);
    const task = tasks.get(pipelineTaskOf(object)) ?? { name: pipelineTaskOf(object) };
    return before.get(name) ?? childReference(name, task, spec.params ?? []);
  });
  const known = new Set(existing.map((reference) => reference.name));
  const created = made
    .filter((request) => !known.has(request.name))
    .map(({ name, task, matrixParams }) =>
      childReference(name, asTold(task, tasks.get(task.name) ?? task, results), [
        ...matrixParams,
        ...(task.params ?? []),
      ]),
    );
  const places = new Map([...tasks.keys()].map((name, place) => [name, place]));
  const placeOf = ({ pipelineTaskName }: ListedChild): number =>
    places.get(String(pipelineTaskName)) ?? tasks.size;
  const listed: ListedChild[] = [...existing, ...created];
  return listed.toSorted(
    (one, other) =>
      placeOf(one) - placeOf(other) || one.name.localeCompare(other.name, 'en', { numeric: true }),
  );
}

/** What Tekton tells of a task: results are filled in its guards, statuses are not, and neither in its display name. */
function asTold(task: PipelineTask, before: PipelineTask, results: Replacements): PipelineTask {
  const { displayName, when } = before;
  return {
    ...task,
    ...(displayName !== undefined && { displayName }),
    ...(when !== undefined && { when: substitute(when, results) }),
  };
}

function endOf(run: PipelineRun, spec: PipelineSpec, facts: RunFacts, verdict: Verdict): StatusChange {
  const results = pipelineRunResults(spec.results ?? [], facts);
  const checked = checkResults(results);
  const fields = results.results.length > 0 ? { results: results.results } : {};
  if (checked.ok || verdict.status === 'False') return { verdict, fields };
  const message = `Failed to get PipelineResult from TaskRun Results for PipelineRun ${run.name}: ${checked.error}`;
  return { verdict: failed('CouldntGetPipelineResult', message), fields };
}
