/** PlanFailure: why no plan can be made of a request. */

/** An app that the stack does not have. */
export interface UnknownApp {
  readonly reason: 'unknown-app';
  readonly field: 'changed-app' | 'apps' | 'version-overrides';
  readonly app: string;
  readonly message: string;
  readonly hint?: string;
}

/** A value of the request that is not of its form. */
export interface InvalidField {
  readonly reason: 'invalid-field';
  /** The pipeline param it comes from. */
  readonly field: string;
  readonly message: string;
  readonly hint?: string;
}

/** A value that the mode cannot do without. */
export interface MissingField {
  readonly reason: 'missing-field';
  readonly field: string;
  readonly message: string;
  readonly hint?: string;
}

/** An app that is built or tested, but of whose content nothing is known. */
export interface MissingRevision {
  readonly reason: 'missing-revision';
  readonly app: string;
  readonly message: string;
  readonly hint?: string;
}

/** An app asks for a language version that no image of ours compiles with. */
export interface UnknownVariant {
  readonly reason: 'unknown-variant';
  readonly app: string;
  readonly message: string;
  readonly hint?: string;
}

export type PlanFailure = UnknownApp | InvalidField | MissingField | MissingRevision | UnknownVariant;
