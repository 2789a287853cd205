/** The values of the chart helm/tekton-dag, and the files of it that are made from their schema. */

export { chartFiles } from './chart-files.ts';
export { chartValuesSchema, teamValuesSchema, type TeamValues } from './chart-values-schema.ts';
export { parseTeamValues } from './parse-team-values.ts';
export { readValueComments } from './read-value-comments.ts';
export { listValues, type ValueRow } from './list-values.ts';
export { listTeamTexts, type TeamText } from './render-team-rules.ts';
export { CHART_OWNED_SETTINGS } from './setting-values.ts';
export { TEAM_KEYS } from './team-keys.ts';
