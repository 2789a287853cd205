/** What a room says about a kind it owns: discovery, columns, defaulting, validation, OpenAPI. */

import type { KubeObject, ResourceKey } from './kube-object.ts';

/** A column of `kubectl get`; priority 0 always, 1 with `-o wide`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean' | 'number';
  readonly priority?: 0 | 1;
  readonly description?: string;
  /** The cell's value; `date` columns return RFC 3339 and are shown as ages. */
  readonly value: (object: KubeObject) => string | number | boolean | undefined;
}

export interface FieldError {
  /** Path as Kubernetes spells it, e.g. `spec.template.spec.containers[0].image`. */
  readonly field: string;
  readonly message: string;
}

/** JSON Schema in OpenAPI v3 form, for validation, strict fields and `kubectl explain`. */
export type OpenApiSchema = Readonly<Record<string, unknown>>;

export interface ResourceDefinition extends ResourceKey {
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly subresources?: readonly ('status' | 'scale' | 'log')[];
  /** Columns between NAME and AGE, which the API adds itself. */
  readonly columns?: readonly PrinterColumn[];
  /** `columns` are all there is: the API adds neither NAME nor AGE (events, custom columns). */
  readonly exactColumns?: boolean;
  /** Fills defaults as the real API server (or Tekton's webhook) does; pure. */
  readonly setDefaults?: (object: KubeObject) => KubeObject;
  /** All problems at once; empty when valid. `previous` is set on update. */
  readonly validate?: (object: KubeObject, previous?: KubeObject) => readonly FieldError[];
  /** Field selectors besides metadata.name and metadata.namespace, e.g. `status.phase`. */
  readonly selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>;
  readonly schema?: OpenApiSchema;
  /**
   * For kinds that stop slowly (pods): a delete then only sets deletionTimestamp and deletionGracePeriodSeconds, and the
   * owning controller deletes again with `gracePeriodSeconds: 0`. Undefined or 0 means gone at once.
   */
  readonly deletionGraceSeconds?: (object: KubeObject) => number | undefined;
}
