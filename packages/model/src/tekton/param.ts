/** Params and results of Tekton v1 (docs: tasks.md "Specifying Parameters", pipeline-api.md). */

export type ParamType = 'string' | 'array' | 'object';

/** A param's or result's value: a string, an array of strings, or an object of strings. */
export type ParamValue = string | readonly string[] | Readonly<Record<string, string>>;

/** The declaration of a param on a Task or Pipeline; without `type` it follows from `default`, else string. */
export type ParamSpec = {
  readonly name: string;
  readonly type?: ParamType;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly type?: 'string' }>>;
  readonly default?: ParamValue;
  readonly enum?: readonly string[];
};

/** A param's value where it is given. */
export type Param = { readonly name: string; readonly value: ParamValue };

/** The declaration of a result on a Task. */
export type TaskResult = {
  readonly name: string;
  readonly type?: ParamType;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly type?: 'string' }>>;
  /** Where the value comes from when a step's result becomes the task's: `$(steps.x.results.y)`. */
  readonly value?: ParamValue;
};

/** The declaration of a result on a Pipeline. */
export type PipelineResult = {
  readonly name: string;
  readonly type?: ParamType;
  readonly description?: string;
  readonly value: ParamValue;
};

/** A result's value in a status. */
export type ResultValue = { readonly name: string; readonly type?: ParamType; readonly value: ParamValue };
