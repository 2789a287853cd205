/** slimRun: of a PipelineRun what the watch has to keep; ten thousand of them are held at a time. */

import { present, type PipelineRun } from '@tekton-dag/model';

/** Without params, workspaces and results, and without annotations that are not ours or Tekton's. */
export function slimRun({ apiVersion, kind, metadata, spec, status }: PipelineRun): PipelineRun {
  const { name, namespace, uid, resourceVersion, creationTimestamp, labels, annotations } = metadata;
  return {
    apiVersion,
    kind,
    metadata: present({
      name,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp,
      labels,
      annotations: annotations === undefined ? undefined : ownAnnotations(annotations),
    }),
    spec: present({ pipelineRef: spec.pipelineRef, status: spec.status }),
    ...(status === undefined ? {} : { status: slimStatus(status) }),
  };
}

function slimStatus({ conditions, startTime, completionTime }: NonNullable<PipelineRun['status']>) {
  return present({
    conditions: conditions?.filter(({ type }) => type === 'Succeeded'),
    startTime,
    completionTime,
  });
}

function ownAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const own = /^(tekton-dag\.io|tekton\.dev)\//;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => own.test(key)));
}
