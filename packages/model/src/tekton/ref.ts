/** References to Tasks, Pipelines and StepActions: by name in the cluster, or through a resolver. */

import type { Param } from './param.ts';

/** Where a resolver finds the object; its params are the resolver's. */
export type ResolverRef = { readonly resolver?: string; readonly params?: readonly Param[] };

export type TaskRef = ResolverRef & {
  readonly name?: string;
  /** Absent means Task; another kind with `apiVersion` is a custom task. */
  readonly kind?: string;
  readonly apiVersion?: string;
};

export type PipelineRef = ResolverRef & { readonly name?: string; readonly apiVersion?: string };

export type StepRef = ResolverRef & { readonly name?: string };
