/** renderPipelineRun: the PipelineRun object that starts a run. */

import {
  catalogParamsOf,
  gitRefOf,
  PINNED_PIPELINES,
  type PinnedCatalog,
} from '../catalog/pinned-catalog.ts';
import { ANNOTATION, LABEL, MANAGED_BY } from '../labels.ts';
import type { RunMode } from '../plan/plan.ts';
import { present } from '../present.ts';
import type { PipelineRun, Timeouts } from './pipeline-run.ts';
import type { PipelineRef } from './ref.ts';
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
  /** Where the pipeline and its tasks are fetched from; absent means the installed ones. */
  readonly catalog?: PinnedCatalog;
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
  const { name, namespace, mode, catalog } = request;
  const annotations = annotationsOf(request);
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
      pipelineRef: pipelineRefOf(request),
      params: sortedParams({
        ...request.params,
        ...(catalog === undefined ? {} : catalogParamsOf(catalog)),
      }),
      ...(request.pending === true ? { status: 'PipelineRunPending' as const } : {}),
      ...present({ timeouts: request.timeouts, workspaces: request.workspaces }),
      taskRunTemplate: { serviceAccountName: request.serviceAccountName ?? PIPELINE_SERVICE_ACCOUNT },
    },
  };
}

function pipelineRefOf({ pipeline, mode, catalog }: PipelineRunRequest): PipelineRef {
  const name = pipeline ?? PIPELINE_OF_MODE[mode];
  return catalog === undefined ? { name } : gitRefOf(catalog, `${PINNED_PIPELINES}/${name}.yaml`);
}

/** Of an installed pipeline Tekton copies them to the run; a fetched file cannot name its own commit. */
function annotationsOf({
  annotations,
  catalog,
}: PipelineRunRequest): Readonly<Record<string, string>> | undefined {
  if (catalog === undefined) return annotations;
  return {
    ...annotations,
    [ANNOTATION.catalogUrl]: catalog.url,
    [ANNOTATION.catalogRevision]: catalog.revision,
  };
}

function sortedParams(params: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(params)
    .map(([name, value]) => ({ name, value }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
