/** parseTeamValues: the text of `teams/<team>/values.yaml` to its values, or every problem of the file at once. */

import { err, ok, parseFile, type Diagnostic, type Result } from '@tekton-dag/model';
import { TEAM_KEYS } from './team-keys.ts';
import { teamValuesFileSchema, teamValuesSchema, type TeamValues } from './chart-values-schema.ts';
import { dropRemoved } from './removable-values.ts';

/**
 * `file` is the name that diagnostics bear. A key of the team file is a problem here: it has one source. A key that is
 * null, by which Helm takes the chart's default away, is left out.
 */
export function parseTeamValues(text: string, file: string): Result<TeamValues, Diagnostic[]> {
  const parsed = parseFile(text, file, teamValuesFileSchema);
  if (!parsed.ok) return err(parsed.error.map(pointToTeamFile));
  return ok(teamValuesSchema.parse(dropRemoved(parsed.value)));
}

function pointToTeamFile(problem: Diagnostic): Diagnostic {
  const key = /^unknown key "(\w+)"$/.exec(problem.message)?.[1] ?? '';
  if (problem.code !== 'unknown-key' || !TEAM_KEYS.includes(key)) return problem;
  return { ...problem, hint: 'it belongs into team.yaml' };
}
