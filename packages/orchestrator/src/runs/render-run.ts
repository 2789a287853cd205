/** renderRun: the PipelineRun of a request, held back until admission lets it go. */

import {
  ANNOTATION,
  bindWorkspaces,
  LABEL,
  renderPipelineRun,
  repositoryLabelOf,
  type PipelineRun,
} from '@tekton-dag/model';
import { runParams, type RunDefaults } from './run-params.ts';
import type { RunRequest } from './run-request.ts';

export function renderRun(request: RunRequest, defaults: RunDefaults): PipelineRun {
  const workspaces = bindWorkspaces(request.team);
  return renderPipelineRun({
    name: request.name,
    namespace: request.team.namespace,
    mode: request.mode,
    params: runParams(request, defaults),
    labels: runLabels(request),
    annotations: runAnnotations(request),
    pending: true,
    ...(workspaces.length === 0 ? {} : { workspaces }),
  });
}

function runLabels(request: RunRequest): Record<string, string> {
  const labels = { [LABEL.team]: request.team.name, [LABEL.stack]: request.stack };
  if (request.mode === 'bootstrap') return labels;
  return {
    ...labels,
    [LABEL.app]: request.app,
    [LABEL.repository]: repositoryLabelOf(request.repository),
    ...(request.pullRequest === undefined ? {} : { [LABEL.pullRequest]: String(request.pullRequest) }),
    ...(request.session === undefined ? {} : { [LABEL.session]: request.session }),
  };
}

function runAnnotations(request: RunRequest): Record<string, string> {
  const annotations = request.delivery === undefined ? {} : { [ANNOTATION.delivery]: request.delivery };
  if (request.mode === 'bootstrap') return annotations;
  return { ...annotations, [ANNOTATION.sha]: request.sha, [ANNOTATION.repository]: request.repository };
}
