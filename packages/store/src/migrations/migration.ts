/** The form of one migration: plain SQL that SQLite and Postgres both accept. */

/** Applied once, in the order of `number`. A migration that was published is never changed. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
}
