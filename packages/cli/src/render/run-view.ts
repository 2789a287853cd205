/** RUN_VIEW: a PipelineRun as a line of `run list`. */

import { ANNOTATION, LABEL, type PipelineRun } from '@tekton-dag/model';
import { runStateOf, succeededCondition } from '../run/run-state.ts';
import { renderDuration, spanOf } from './duration.ts';
import type { ObjectView } from './objects.ts';

/** Ages are counted to `nowMs`; the namespace comes first when runs of all namespaces are shown. */
export function createRunView(nowMs: number, allNamespaces: boolean): ObjectView<PipelineRun> {
  return {
    nameOf: ({ metadata }) => `pipelinerun.tekton.dev/${metadata.name ?? ''}`,
    headings: [
      ...(allNamespaces ? ['NAMESPACE'] : []),
      'NAME',
      'MODE',
      'STACK',
      'APP',
      'PR',
      'STATUS',
      'AGE',
      'DURATION',
    ],
    row: (run) => [...(allNamespaces ? [run.metadata.namespace ?? ''] : []), ...renderRow(run, nowMs)],
    wideHeadings: ['TEAM', 'SESSION', 'REPOSITORY', 'SHA', 'REASON'],
    wideRow: renderWide,
  };
}

function renderRow({ metadata, status }: PipelineRun, nowMs: number): string[] {
  return [
    metadata.name ?? '',
    ...labelsOf(metadata, [LABEL.mode, LABEL.stack, LABEL.app, LABEL.pullRequest]),
    runStateOf(status?.conditions),
    renderSpan(spanOf(metadata.creationTimestamp, undefined, nowMs)),
    renderSpan(spanOf(status?.startTime, status?.completionTime, nowMs)),
  ];
}

function renderWide({ metadata, status }: PipelineRun): string[] {
  const { [ANNOTATION.repository]: repository = '-', [ANNOTATION.sha]: sha = '-' } =
    metadata.annotations ?? {};
  const reason = succeededCondition(status?.conditions)?.reason ?? '-';
  return [...labelsOf(metadata, [LABEL.team, LABEL.session]), repository, sha.slice(0, 12), reason];
}

/** A dash stands for a label that is not there. */
function labelsOf({ labels = {} }: PipelineRun['metadata'], names: readonly string[]): string[] {
  return names.map((name) => labels[name] ?? '-');
}

function renderSpan(spanMs: number | undefined): string {
  return spanMs === undefined ? '-' : renderDuration(spanMs);
}
