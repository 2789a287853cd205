/** The kind Job: defaults, validation, columns. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { conforms } from '../specs/conforms.ts';
import { toOpenApiSchema } from '../specs/open-api-schema.ts';
import { fillTemplate } from '../specs/pod-defaults.ts';
import { validateFields, validatePodSpec } from '../specs/validate-fields.ts';
import { jobSpecSchema, type JobSpec } from '../specs/workload-schemas.ts';
import { isJob, JOBS, type Job } from '../specs/workload-objects.ts';
import { renderDuration } from './render-age.ts';
import { templateColumns } from './template-columns.ts';
import { topLevelSchema } from './top-level-schema.ts';

/** Marks the pods of one job; its value is the job's uid. */
const CONTROLLER_UID_LABEL = 'batch.kubernetes.io/controller-uid';
const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name';

const forJob =
  (read: (job: Job) => string): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isJob(object) ? read(object) : undefined;

export const jobDefinition: ResourceDefinition = {
  ...JOBS,
  version: 'v1',
  kind: 'Job',
  singular: 'job',
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    { name: 'Status', type: 'string', value: forJob(renderJobStatus) },
    { name: 'Completions', type: 'string', value: forJob(renderCompletions) },
    { name: 'Duration', type: 'string', value: forJob(renderJobDuration) },
    ...templateColumns,
  ],
  selectableFields: {
    'status.successful': (object) => (isJob(object) ? String(object.status?.succeeded ?? 0) : ''),
  },
  setDefaults: fillJob,
  validate: validateJob,
  schema: topLevelSchema('A job: runs pods until enough of them have succeeded.', {
    spec: toOpenApiSchema(jobSpecSchema),
  }),
};

/** The STATUS cell of `kubectl get jobs`. */
function renderJobStatus(job: Job): string {
  const holds = (type: string): boolean =>
    job.status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (holds('Suspended')) return 'Suspended';
  if (holds('FailureTarget')) return 'FailureTarget';
  return holds('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function renderCompletions({ spec, status }: Job): string {
  if (spec.completions !== undefined) return `${status?.succeeded ?? 0}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 1;
  return parallelism > 1 ? `${status?.succeeded ?? 0}/1 of ${parallelism}` : `${status?.succeeded ?? 0}/1`;
}

function renderJobDuration({ status }: Job): string {
  if (status?.startTime === undefined) return '';
  const ended = status.completionTime === undefined ? Date.now() : Date.parse(status.completionTime);
  return renderDuration((ended - Date.parse(status.startTime)) / 1000);
}

function fillJob(object: KubeObject): KubeObject {
  const { spec, metadata } = object;
  if (!conforms(jobSpecSchema, spec)) return object;
  const { uid = '', name = '' } = metadata;
  const own = {
    [CONTROLLER_UID_LABEL]: uid,
    [JOB_NAME_LABEL]: name,
    'controller-uid': uid,
    'job-name': name,
  };
  const filled = fillSpec(spec, own);
  const labels = metadata.labels ?? filled.template.metadata?.labels ?? {};
  return { ...object, metadata: { ...metadata, labels }, spec: filled };
}

function fillSpec(spec: JobSpec, own: Readonly<Record<string, string>>): JobSpec {
  const template = fillTemplate(spec.template);
  const manual = spec.manualSelector === true;
  const uid = { [CONTROLLER_UID_LABEL]: own[CONTROLLER_UID_LABEL] ?? '' };
  const labels = { ...template.metadata?.labels, ...(manual ? {} : own) };
  return {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    ...(spec.parallelism === undefined && spec.completions === undefined ? { completions: 1 } : {}),
    ...spec,
    ...(manual ? {} : { selector: { matchLabels: uid } }),
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
}

function validateJob(object: KubeObject, previous?: KubeObject): FieldError[] {
  const problems = validateFields(object['spec'] ?? {}, jobSpecSchema, 'spec');
  if (problems.length > 0 || !isJob(object)) return problems;
  return [
    ...validatePodSpec(object.spec.template.spec, 'spec.template.spec'),
    ...validateJobRestartPolicy(object.spec),
    ...validateUnchanged(object.spec, previous),
  ];
}

/** The default of pods, Always, is refused as well: a job must say what a failure means. */
function validateJobRestartPolicy({ template }: JobSpec): FieldError[] {
  const { restartPolicy } = template.spec;
  if (restartPolicy === 'OnFailure' || restartPolicy === 'Never') return [];
  return [
    {
      field: 'spec.template.spec.restartPolicy',
      message: `Required value: valid values: "OnFailure", "Never"`,
    },
  ];
}

function validateUnchanged(spec: JobSpec, previous: KubeObject | undefined): FieldError[] {
  if (previous === undefined || !isJob(previous)) return [];
  if (isDeepStrictEqual(spec.template, previous.spec.template)) return [];
  return [{ field: 'spec.template', message: 'Invalid value: field is immutable' }];
}
