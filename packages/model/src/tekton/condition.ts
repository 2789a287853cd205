/** Condition: what is known of an object, in Knative's form; runs have one of type Succeeded. */

export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** RFC 3339; moves when `status` does. */
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly severity?: string;
};
