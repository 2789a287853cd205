/**
 * The command line as a function: `runCli` takes arguments and a host, and gives an exit code. Beside it, what the checks of
 * the chart need of its schema; the program itself does not load this file.
 */

export { chartFiles } from './chart/chart-files.ts';
export { teamValuesSchema } from './chart/chart-values-schema.ts';
export { parseTeamValues } from './chart/parse-team-values.ts';
export { listTeamTexts, type TeamText } from './chart/render-team-rules.ts';
export { TEAM_KEYS } from './chart/team-keys.ts';
export type { CliHost } from './cli-host.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export { runCli } from './run-cli.ts';
