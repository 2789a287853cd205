/** step: one step of a Tekton task, with the router's session proxy handed in. */

import type { CliHost } from '../cli-host.ts';

/** The step's own exit code. */
export async function step(host: CliHost, name: string): Promise<number> {
  const { runStep } = await import('@tekton-dag/steps');
  return runStep(name, {
    env: host.env,
    cwd: host.cwd,
    stdout: host.stdout,
    stderr: host.stderr,
    signal: host.signal,
    startSessionProxy: async (options) => (await import('@tekton-dag/router')).startSessionProxy(options),
  });
}
