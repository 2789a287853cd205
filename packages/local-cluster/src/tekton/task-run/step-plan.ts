/** One step as a container to start: its template, its step action and its variables put together. */

import type { DefinitionRef } from '../specs/pipeline-spec.ts';
import type { PodTemplate } from '../specs/run-spec.ts';
import type { Sidecar, Step, StepActionSpec, TaskSpec } from '../specs/task-spec.ts';
import type { EnvVar } from '../specs/volume-spec.ts';
import {
  mergeReplacements,
  replacementsOfParams,
  withoutParams,
  type Replacements,
} from '../substitution/replacements.ts';
import { substitute } from '../substitution/substitute.ts';

/** The fields of a step or sidecar that make a container. */
export type ContainerTemplate = Pick<
  Step,
  | 'image'
  | 'command'
  | 'args'
  | 'script'
  | 'workingDir'
  | 'env'
  | 'envFrom'
  | 'volumeMounts'
  | 'results'
  | 'workspaces'
>;

export interface StepTemplate {
  readonly template: ContainerTemplate;
  /** Variables as this step sees them: with a step action its own params instead of the task's. */
  readonly variables: Replacements;
}

export interface StepScope {
  readonly spec: TaskSpec;
  readonly stepActions: ReadonlyMap<string, StepActionSpec>;
  readonly podTemplate: PodTemplate | undefined;
}

/** What tells one reference to a step action from another. */
export const stepActionKey = ({ name, params }: DefinitionRef): string =>
  name ?? JSON.stringify(params ?? []);

/** The step with its action and the task's stepTemplate merged in; nothing is substituted yet. */
export function stepTemplateOf(step: Step, scope: StepScope, variables: Replacements): StepTemplate {
  const action = scope.stepActions.get(stepActionKey(step.ref ?? {}));
  if (action === undefined) return { template: merged(step, scope), variables };
  const passed = substitute(step.params ?? [], variables);
  const declared = action.params ?? [];
  const names = new Set(declared.map((param) => param.name));
  const own = replacementsOfParams(declared, passed);
  const { params: _params, ...actionTemplate } = action;
  const { workspaces } = step;
  const template = { ...actionTemplate, ...(workspaces !== undefined && { workspaces }) };
  return {
    template: merged(template, scope),
    variables: mergeReplacements(withoutParams(variables, names), own),
  };
}

/** A sidecar takes nothing from the stepTemplate. */
export function sidecarTemplateOf(sidecar: Sidecar, { podTemplate }: StepScope): ContainerTemplate {
  return { ...sidecar, env: mergeEnv(podTemplate?.env, sidecar.env) };
}

function merged(step: ContainerTemplate, { spec, podTemplate }: StepScope): ContainerTemplate {
  const base = spec.stepTemplate ?? {};
  return {
    ...base,
    ...definedFields(step),
    env: mergeEnv(mergeEnv(base.env, step.env), podTemplate?.env),
    envFrom: [...(base.envFrom ?? []), ...(step.envFrom ?? [])],
    volumeMounts: [...(base.volumeMounts ?? []), ...(step.volumeMounts ?? [])],
  };
}

function definedFields(step: ContainerTemplate): ContainerTemplate {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined));
}

/** A later variable of the same name replaces an earlier one, at the earlier one's place. */
function mergeEnv(base: readonly EnvVar[] | undefined, own: readonly EnvVar[] | undefined): EnvVar[] {
  return [
    ...new Map([...(base ?? []), ...(own ?? [])].map((variable) => [variable.name, variable])).values(),
  ];
}
