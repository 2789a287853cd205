/** The command line as a function: `runCli` takes arguments and a host, and gives an exit code. */

export type { CliHost } from './cli-host.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export { runCli } from './run-cli.ts';
