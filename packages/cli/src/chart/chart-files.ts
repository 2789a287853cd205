/** chartFiles: the files that are made from the schema of the chart's values. Pure. */

import { parse } from 'yaml';
import { chartJsonSchemas } from './chart-json-schemas.ts';
import { readValueComments } from './read-value-comments.ts';
import { renderChartReadme } from './render-chart-readme.ts';
import { renderTeamRules } from './render-team-rules.ts';

/** Path in the repository to text or, for JSON, to a value. `values` is the text of the chart's values.yaml. */
export function chartFiles(values: string): Record<string, object | string> {
  const schemas = chartJsonSchemas(readValueComments(values));
  const schema = schemas['helm/tekton-dag/values.schema.json'];
  return {
    ...schemas,
    'helm/tekton-dag/files/team-rules.yaml': renderTeamRules(),
    'helm/tekton-dag/README.md': renderChartReadme({ schema, defaults: parse(values) }),
  };
}
