/** chartFiles: the files that are made from the schema of the chart's values. Pure. */

import { chartJsonSchemas } from './chart-json-schemas.ts';
import { readValueComments } from './read-value-comments.ts';
import { renderTeamRules } from './render-team-rules.ts';

/** Path in the repository to text or, for JSON, to a value. `values` is the text of the chart's values.yaml. */
export function chartFiles(values: string): Record<string, object | string> {
  return {
    ...chartJsonSchemas(readValueComments(values)),
    'helm/tekton-dag/files/team-rules.yaml': renderTeamRules(),
  };
}
