/** renderPipelineRun: the PipelineRun object that starts a run. */

import { LABEL, MANAGED_BY } from '../labels.ts';
import type { RunMode } from '../plan/plan.ts';
import { present } from '../present.ts';
import type { PipelineRun, Timeouts } from './pipeline-run.ts';
import type { WorkspaceBinding } from './workspace.ts';

/** The pipeline of each mode. */
export const PIPELINE_OF_MODE = {
  pr: 'stack-pr-test',
  bootstrap: 'stack-bootstrap',
  merge: 'stack-merge-release',
  continue: 'stack-pr-continue',
  verify: 'stack-dag-verify',
} as const satisfies Record<RunMode, string>;

/** The service account of every task but the builds. */
export const PIPELINE_SERVICE_ACCOUNT = 'tekton-dag-pipeline';

export interface PipelineRunRequest {
  readonly name: string;
  readonly namespace: string;
  readonly mode: RunMode;
  /** Another pipeline than the mode's own. */
  readonly pipeline?: string;
  /** Param name to value; see the table of pipeline params. */
  readonly params: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Held back until someone clears `spec.status` (Tekton: pipelineruns.md, "Pending PipelineRuns"). */
  readonly pending?: boolean;
  readonly serviceAccountName?: string;
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly timeouts?: Timeouts;
}

/** The object to create. Params are sorted by name; the run, mode and managed-by labels are always there. */
export function renderPipelineRun(request: PipelineRunRequest): PipelineRun {
  const { name, namespace, mode, annotations } = request;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: {
      name,
      namespace,
      labels: {
        ...request.labels,
        [LABEL.managedBy]: MANAGED_BY,
        [LABEL.run]: name,
        [LABEL.mode]: mode,
      },
      ...present({ annotations }),
    },
    spec: {
      pipelineRef: { name: request.pipeline ?? PIPELINE_OF_MODE[mode] },
      params: sortedParams(request.params),
      ...(request.pending === true ? { status: 'PipelineRunPending' as const } : {}),
      ...present({ timeouts: request.timeouts, workspaces: request.workspaces }),
      taskRunTemplate: { serviceAccountName: request.serviceAccountName ?? PIPELINE_SERVICE_ACCOUNT },
    },
  };
}

function sortedParams(params: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(params)
    .map(([name, value]) => ({ name, value }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
