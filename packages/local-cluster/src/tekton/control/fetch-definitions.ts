/** fetchDefinitions: has the Task of a TaskRun and its StepActions fetched, where they are not in the cluster. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import { isRemote } from '../pipeline-run/remote-references.ts';
import type { DefinitionResource } from '../remote/parse-definition.ts';
import type { RemoteDefinitions } from '../remote/remote-definitions.ts';
import { running } from '../specs/condition.ts';
import type { DefinitionRef } from '../specs/pipeline-spec.ts';
import type { TaskRun } from '../specs/read-run.ts';
import { recordPending } from '../task-run/task-recorder.ts';
import { taskDefinitionsOf } from './definitions.ts';

export interface Fetching {
  readonly context: ClusterContext;
  readonly remote: RemoteDefinitions;
}

/** What cannot be fetched is found out again when it is looked up. */
export async function fetchDefinitions(run: TaskRun, fetching: Fetching): Promise<void> {
  const { context, remote } = fetching;
  const { namespace, uid: owner, spec } = run;
  await fetchAll(run, [spec.taskRef], 'tasks', fetching);
  const definitions = taskDefinitionsOf({ store: context.store, remote, namespace, owner });
  const found = spec.taskSpec === undefined ? definitions.task(spec.taskRef ?? {}) : undefined;
  const task = spec.taskSpec ?? (found?.ok === true ? found.value.spec : {});
  const actions = (task.steps ?? []).map(({ ref }) => ref);
  await fetchAll(run, actions, 'stepactions', fetching);
}

async function fetchAll(
  run: TaskRun,
  refs: readonly (DefinitionRef | undefined)[],
  resource: DefinitionResource,
  { context, remote }: Fetching,
): Promise<void> {
  const { namespace, uid: owner } = run;
  const questions = refs.filter(isRemote).map((ref) => ({ ref, resource, namespace, owner }));
  if (questions.every((question) => remote.find(question) !== undefined)) return;
  const message = `TaskRun ${namespace}/${run.name} awaiting remote resource`;
  recordPending(run, running('ResolvingTaskRef', message), context);
  await Promise.all(questions.map((question) => remote.load(question)));
}
