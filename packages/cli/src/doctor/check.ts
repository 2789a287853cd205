/** Check: one thing that doctor looked at. */

export interface Check {
  readonly name: string;
  /** `optional`: not there, but only some stacks need it. */
  readonly state: 'ok' | 'optional' | 'missing';
  readonly detail: string;
  readonly hint?: string | undefined;
}
