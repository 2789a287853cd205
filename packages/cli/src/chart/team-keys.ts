/** teamKeys: the keys of a team file, which are values of the chart at the top level. */

import { teamFileSchema } from '@tekton-dag/model';

/** Needed and optional as in the file; the chart has defaults for the needed ones. */
export const teamKeys = teamFileSchema.shape;

export const TEAM_KEYS: readonly string[] = Object.keys(teamKeys);

/** A team beside the release's own. */
export const furtherTeam = teamFileSchema;
