/** Diagnostic: one problem of one input file, with the place it was found. */

/** Lines and columns count from 1, columns in UTF-16 units; `endColumn` is exclusive and on the same line. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
  readonly message: string;
  readonly hint?: string;
  /** A stable kebab-case name of the kind of problem, such as `unknown-key`. */
  readonly code: string;
}
