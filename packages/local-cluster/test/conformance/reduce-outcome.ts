/** What a case came to, without what no two runs share: times, uids, addresses, node names, the names of images. */

import { conditionOf, type Runs, type SeenRun } from './watch-runs.ts';

export type Outcome = Readonly<Record<string, unknown>>;

/** `refused` names the objects that the API server did not take. */
export function reduceOutcome(runs: Runs, refused: readonly string[]): Outcome {
  const sorted = [...runs].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(refused.length > 0 && { refused }),
    ...Object.fromEntries(
      sorted.map(([id, run]) => [
        id,
        id.startsWith('PipelineRun/') ? reducePipelineRun(run) : reduceTaskRun(run),
      ]),
    ),
  };
}

function reducePipelineRun(run: SeenRun): Outcome {
  const { skippedTasks, childReferences, finallyStartTime } = run.status;
  return {
    ...reduceRun(run),
    hasStartedFinally: finallyStartTime !== undefined,
    skippedTasks: Object.fromEntries(
      skippedTasks.map(({ name, reason, whenExpressions }) => [
        name,
        { reason, ...(whenExpressions !== undefined && { whenExpressions }) },
      ]),
    ),
    children: Object.fromEntries(
      childReferences
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, kind, pipelineTaskName, displayName, whenExpressions }) => [
          name,
          {
            kind,
            pipelineTaskName,
            ...(displayName !== undefined && { displayName }),
            ...(whenExpressions !== undefined && { whenExpressions }),
          },
        ]),
    ),
  };
}

function reduceTaskRun(run: SeenRun): Outcome {
  const { retriesStatus, steps, sidecars } = run.status;
  return {
    ...reduceRun(run),
    retries: retriesStatus.map(({ conditions }) => conditions.map(({ reason }) => reason)),
    steps: Object.fromEntries(
      steps.map(({ name, terminated, terminationReason, results }) => [
        name,
        {
          ...(terminated !== undefined && { exitCode: terminated.exitCode }),
          ...(terminationReason !== undefined && { terminationReason }),
          ...(results.length > 0 && { results: byName(results) }),
        },
      ]),
    ),
    ...(sidecars.length > 0 && { sidecars: sidecars.map(({ name }) => name) }),
  };
}

function reduceRun(run: SeenRun): Outcome {
  const { status, reason, message } = conditionOf(run) ?? {};
  return {
    status,
    reason,
    message: plainMessage(message ?? ''),
    labels: ownLabels(run),
    results: byName(run.status.results),
  };
}

/** Without the runtime's own words about an image, and without the names of requests to resolvers. */
function plainMessage(message: string): string {
  return message
    .replace(/(failed to pull the image) .*$/s, '$1')
    .replace(/(error getting "(?:Cluster|Git)"|invalid resource request) "[^"]*": /, '');
}

function byName(values: readonly { readonly name: string; readonly value?: unknown }[]): Outcome {
  return Object.fromEntries(values.map(({ name, value }) => [name, value]));
}

function ownLabels({ metadata }: SeenRun): Outcome {
  return Object.fromEntries(
    Object.entries(metadata.labels)
      .filter(([name]) => !name.endsWith('UID'))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
