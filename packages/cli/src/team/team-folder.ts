/** TeamFolder: what `teams/<folder>/` says, as far as it can be read. */

import type { Team } from '@tekton-dag/model';
import type { TeamValues } from '../chart/index.ts';

export interface TeamFolder {
  /** The name of the folder. */
  readonly name: string;
  readonly teamPath: string;
  readonly valuesPath: string;
  /** Undefined where the file is not there or has problems. */
  readonly team: Team | undefined;
  /** Keys that the team file says; those of `team` have their defaults filled in. */
  readonly keys: ReadonlySet<string>;
  /** What the team's release of the chart differs in; undefined as for `team`. */
  readonly values: TeamValues | undefined;
  readonly hasValues: boolean;
}
