/** Checks a TaskSpec as Tekton's webhook does, all problems at once. */

import { collectReferences } from '@tekton-dag/model';
import type { FieldError } from '../../contracts/resource-definition.ts';
import { parseDurationMs } from '../specs/duration.ts';
import {
  taskSpecSchema,
  type ResultSpec,
  type Sidecar,
  type Step,
  type TaskSpec,
} from '../specs/task-spec.ts';
import { variablesIn } from '../substitution/substitute.ts';
import {
  duplicates,
  invalidValue,
  isDnsLabel,
  isResultName,
  missingField,
  referenceNameProblems,
} from './field-problems.ts';
import { readSpec } from './schema-problems.ts';
import { validateParamSpecs } from './validate-params.ts';
import { wholeParamsInStep } from './validate-whole-params.ts';

/** `field` is where the spec stands, e.g. `spec` or `spec.tasks[0].taskSpec`. */
export function validateTaskSpec(value: unknown, field: string): FieldError[] {
  const spec = readSpec(taskSpecSchema, value, field);
  return spec.ok ? taskSpecProblems(spec.value, field) : spec.error;
}

/** An embedded task may use the pipeline's params; `outer` false says that every param must be its own. */
export function taskSpecProblems(spec: TaskSpec, field: string, allowsOuterParams = false): FieldError[] {
  const steps = spec.steps ?? [];
  return [
    ...(steps.length === 0 ? [missingField(`${field}.steps`)] : []),
    ...validateParamSpecs(spec.params ?? [], `${field}.params`),
    ...duplicates(
      steps.flatMap((step) => step.name ?? []),
      (index) => `${field}.steps[${index}].name`,
    ),
    ...steps.flatMap((step, index) => stepProblems(step, spec, `${field}.steps[${index}]`)),
    ...(spec.sidecars ?? []).flatMap((sidecar, index) =>
      sidecarProblems(sidecar, `${field}.sidecars[${index}]`),
    ),
    ...resultProblems(spec.results ?? [], `${field}.results`),
    ...workspaceProblems(spec, field),
    ...duplicates(
      (spec.volumes ?? []).map((volume) => volume.name),
      (index) => `${field}.volumes[${index}].name`,
    ),
    ...(allowsOuterParams ? [] : unknownVariableProblems(spec, field)),
  ];
}

function stepProblems(step: Step, spec: TaskSpec, field: string): FieldError[] {
  if (step.ref !== undefined) return refStepProblems(step, field);
  const image = step.image ?? spec.stepTemplate?.image ?? '';
  return [
    ...wholeParamsInStep(step, spec.params ?? [], field),
    ...bracketProblems(step, field),
    ...(image === '' ? [missingField(`${field}.Image`)] : []),
    ...scriptProblems(step, field),
    ...stepNameProblems(step, field),
    ...stepLimitProblems(step, field),
  ];
}

/** Of an object, Tekton takes a key after a dot alone: `$(params.place.port)`, not `$(params.place["port"])`. */
function bracketProblems(step: Step, field: string): FieldError[] {
  return collectReferences(step)
    .filter(({ text }) => /^\$\(params\.[^[]+\[["']/.test(text))
    .map(({ text }) => ({ field, message: `non-existent variable in "${text}"` }));
}

function scriptProblems(
  { script = '', command = [] }: Pick<Step, 'script' | 'command'>,
  field: string,
): FieldError[] {
  if (script === '' || command.length === 0) return [];
  return [{ field: `${field}.script`, message: 'script cannot be used with command' }];
}

function stepNameProblems({ name = '' }: Step, field: string): FieldError[] {
  if (name === '' || isDnsLabel(name)) return [];
  const message = `invalid value "${name}": a step name must be a DNS label (lower-case letters, digits and '-')`;
  return [{ field: `${field}.name`, message }];
}

function stepLimitProblems({ onError = '', timeout = '0' }: Step, field: string): FieldError[] {
  const problems: FieldError[] = [];
  if (!['', 'continue', 'stopAndFail'].includes(onError) && !onError.includes('$(')) {
    const message = `invalid value: "${onError}": task step onError must be either "continue" or "stopAndFail"`;
    problems.push({ field: `${field}.onError`, message });
  }
  if (!timeout.includes('$(') && (parseDurationMs(timeout) ?? -1) < 0) {
    problems.push(invalidValue(`${field}.timeout`, `"${timeout}" is not a positive duration`));
  }
  return problems;
}

const FIELDS_OF_ACTION = [
  'image',
  'command',
  'args',
  'script',
  'workingDir',
  'env',
  'volumeMounts',
  'results',
] as const;

function refStepProblems(step: Step, field: string): FieldError[] {
  const named = referenceNameProblems(step.ref ?? {}, `${field}.ref`);
  const clashes = FIELDS_OF_ACTION.filter((name) => step[name] !== undefined);
  return [
    ...named,
    ...clashes.map((name) => ({ field: `${field}.${name}`, message: `${name} cannot be used with Ref` })),
  ];
}

function sidecarProblems(sidecar: Sidecar, field: string): FieldError[] {
  const isImageMissing = (sidecar.image ?? '') === '';
  return [...(isImageMissing ? [missingField(`${field}.image`)] : []), ...scriptProblems(sidecar, field)];
}

function resultProblems(results: readonly ResultSpec[], field: string): FieldError[] {
  return [
    ...duplicates(
      results.map((result) => result.name),
      (index) => `${field}[${index}].name`,
    ),
    ...results.flatMap((result, index) => resultProblem(result, `${field}[${index}]`)),
  ];
}

function resultProblem(result: ResultSpec, field: string): FieldError[] {
  const problems: FieldError[] = [];
  if (!isResultName(result.name)) {
    problems.push({
      field: `${field}.name`,
      message: `invalid key name "${result.name}": Name must consist of alphanumeric characters, '-', '_', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my-name',  or 'my_name')`,
    });
  }
  if (result.type === 'object' && result.properties === undefined)
    problems.push(missingField(`${field}.properties`));
  return [...problems, ...stepResultProblems(result, field)];
}

/** A result is taken whole of a step: `$(steps.make.results.list)`, whatever its type. */
function stepResultProblems({ value }: ResultSpec, field: string): FieldError[] {
  return collectReferences(value)
    .filter(({ path, index }) => path.startsWith('steps.') && index !== undefined)
    .map(({ text }) => ({ field: `${field}.value`, message: `invalid extracted result name in "${text}"` }));
}

function workspaceProblems(spec: TaskSpec, field: string): FieldError[] {
  const workspaces = spec.workspaces ?? [];
  const paths = workspaces.map((workspace) => workspace.mountPath ?? `/workspace/${workspace.name}`);
  return [
    ...duplicates(
      workspaces.map((workspace) => workspace.name),
      (index) => `${field}.workspaces[${index}].name`,
    ),
    ...duplicates(paths, (index) => `${field}.workspaces[${index}].mountPath`),
  ];
}

/** Params and results that a step names but the task does not declare. */
function unknownVariableProblems(spec: TaskSpec, field: string): FieldError[] {
  const params = (spec.params ?? []).map((param) => `params.${param.name}`);
  const results = (spec.results ?? []).map((result) => `results.${result.name}.path`);
  const isKnown = (variable: string): boolean => {
    if (variable.startsWith('params.')) {
      return params.some((param) => variable === param || variable.startsWith(`${param}.`));
    }
    return variable.startsWith('results.') ? results.includes(variable) : true;
  };
  return (spec.steps ?? []).flatMap((step, index) =>
    [...new Set(variablesIn(step))]
      .filter((variable) => !isKnown(variable))
      .map((variable) => ({
        field: `${field}.steps[${index}]`,
        message: `non-existent variable in "$(${variable})"`,
      })),
  );
}
