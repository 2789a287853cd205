/** renderRun: the PipelineRun of a request, held back until admission lets it go. */

import {
  ANNOTATION,
  bindWorkspaces,
  LABEL,
  present,
  renderPipelineRun,
  repositoryLabelOf,
  spanContextOf,
  type PipelineRun,
} from '@tekton-dag/model';
import { runTraceparentOf } from '../telemetry/span-id.ts';
import { runParams, type RunDefaults } from './run-params.ts';
import { isTrusted, type RunRequest } from './run-request.ts';

export function renderRun(request: RunRequest, defaults: RunDefaults): PipelineRun {
  const workspaces = isTrusted(request) ? bindWorkspaces(request.team) : [];
  return renderPipelineRun({
    name: request.name,
    namespace: request.team.namespace,
    mode: request.mode,
    params: runParams(request, defaults),
    labels: runLabels(request),
    annotations: runAnnotations(request),
    pending: true,
    ...present({ catalog: defaults.catalog }),
    ...(workspaces.length === 0 ? {} : { workspaces }),
  });
}

function runLabels(request: RunRequest): Record<string, string> {
  const labels = { [LABEL.team]: request.team.name, [LABEL.stack]: request.stack };
  if (request.mode === 'bootstrap') return labels;
  return {
    ...labels,
    ...labelApps(request.apps),
    ...(request.trusted ? {} : { [LABEL.trusted]: 'false' }),
    [LABEL.repository]: repositoryLabelOf(request.repository),
    ...(request.pullRequest === undefined ? {} : { [LABEL.pullRequest]: String(request.pullRequest) }),
    ...(request.session === undefined ? {} : { [LABEL.session]: request.session }),
  };
}

function runAnnotations(request: RunRequest): Record<string, string> {
  const { delivery, name, team, traceparent } = request;
  const own = runTraceparentOf(traceparent, { namespace: team.namespace, name });
  const spanContext = spanContextOf(own ?? '');
  const annotations = {
    [ANNOTATION.attempt]: String(request.attempt),
    ...(delivery === undefined ? {} : { [ANNOTATION.delivery]: delivery }),
    ...(spanContext === undefined ? {} : { [ANNOTATION.pipelineRunSpanContext]: spanContext }),
  };
  if (request.mode === 'bootstrap') return annotations;
  return {
    ...annotations,
    [ANNOTATION.apps]: request.apps.join(','),
    ...(request.dependsOn.length === 0 ? {} : { [ANNOTATION.dependsOn]: request.dependsOn.join(',') }),
    [ANNOTATION.sha]: request.sha,
    [ANNOTATION.host]: request.host,
    [ANNOTATION.repository]: request.repository,
  };
}

/** A label holds one name. */
function labelApps([app, ...others]: readonly string[]): Record<string, string> {
  return app === undefined || others.length > 0 ? {} : { [LABEL.app]: app };
}
