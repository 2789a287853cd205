/** slimRun: of a PipelineRun what the watch has to keep; ten thousand of them are held at a time. */

import { PLATFORM_REVISION_RESULT, present, type PipelineRun } from '@tekton-dag/model';

/** Without workspaces, without params and results but those that say what the run was made of, and without foreign annotations. */
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
    spec: present({
      pipelineRef: spec.pipelineRef,
      params: spec.params?.filter(({ name }) => name === 'git-url'),
      status: spec.status,
    }),
    ...(status === undefined ? {} : { status: slimStatus(status) }),
  };
}

function slimStatus({ conditions, startTime, completionTime, results }: NonNullable<PipelineRun['status']>) {
  return present({
    conditions: conditions?.filter(({ type }) => type === 'Succeeded'),
    startTime,
    completionTime,
    results: results?.filter(({ name }) => name === PLATFORM_REVISION_RESULT),
  });
}

function ownAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const own = /^(tekton-dag\.io|tekton\.dev)\//;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => own.test(key)));
}
