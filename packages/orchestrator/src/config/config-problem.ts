/** A problem of the settings. */

export interface ConfigProblem {
  /** The environment variable. */
  readonly key: string;
  readonly message: string;
}
