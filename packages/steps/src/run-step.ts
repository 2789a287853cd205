/** Runs one step by name and turns every outcome into an exit code; the last line says what went wrong. */
import type { Step, StepContext } from './step-context.ts';
import { EXIT, StepFailure } from './step-failure.ts';
import { isStepName, stepNames, type StepName } from './step-names.ts';

/** Loaded on demand: a step must not pay for the libraries of the others. */
const LOAD: Readonly<Record<StepName, () => Promise<Step>>> = {
  prepare: async () => (await import('./prepare/prepare.ts')).prepare,
  'prepare-continue': async () => (await import('./prepare-continue/prepare-continue.ts')).prepareContinue,
  'resolve-stack': async () => (await import('./resolve-stack/resolve-stack.ts')).resolveStack,
  build: async () => (await import('./build/build.ts')).build,
  'build-app-fetch': async () => (await import('./build-app/build-app-fetch.ts')).buildAppFetch,
  'build-app-image': async () => (await import('./build-app/build-app-image.ts')).buildAppImage,
  'deploy-baseline': async () => (await import('./deploy-baseline/deploy-baseline.ts')).deployBaseline,
  'deploy-intercepts-gateway': async () =>
    (await import('./deploy-intercepts/deploy-intercepts-gateway.ts')).deployInterceptsGateway,
  'deploy-intercept-mirrord': async () =>
    (await import('./deploy-taps/mirrord/deploy-intercept-mirrord.ts')).deployInterceptMirrord,
  'deploy-stack-intercepts': async () =>
    (await import('./deploy-taps/telepresence/deploy-stack-intercepts.ts')).deployStackIntercepts,
  'verify-propagation': async () =>
    (await import('./verify-propagation/verify-propagation.ts')).verifyPropagation,
  'verify-original-traffic': async () =>
    (await import('./verify-original-traffic/verify-original-traffic.ts')).verifyOriginalTraffic,
  'test-fetch': async () => (await import('./test-apps/test-fetch.ts')).testFetch,
  'test-run': async () => (await import('./test-apps/test-run.ts')).testRun,
  'test-report': async () => (await import('./test-apps/test-report.ts')).testReport,
  release: async () => (await import('./release/release.ts')).release,
  'run-hook': async () => (await import('./run-hook/run-hook.ts')).runHook,
  cleanup: async () => (await import('./cleanup/cleanup.ts')).cleanup,
};

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' | ').trim();

const explain = (error: unknown): { line: string; exitCode: number } => {
  if (error instanceof StepFailure) {
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    return { line: `error[${error.code}]: ${oneLine(error.message)}${hint}`, exitCode: error.exitCode };
  }
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  const unreachable = name === 'KubeUnreachableError' || name === 'KubeError';
  const code = unreachable ? 'KUBERNETES_API' : 'STEP_FAULT';
  return {
    line: `error[${code}]: ${oneLine(message)}`,
    exitCode: unreachable ? EXIT.unreachable : EXIT.failed,
  };
};

/** Resolves with 0 ok, 1 failed, 2 unknown step, 3 bad params, 4 cluster, 130 interrupted. Never rejects. */
export const runStep = async (name: string, context: StepContext): Promise<number> => {
  if (!isStepName(name)) {
    context.stderr.write(`error: unknown step ${JSON.stringify(name)}; steps are ${stepNames.join(', ')}\n`);
    return 2;
  }
  try {
    const step = await LOAD[name]();
    await step(context);
    // From the start of the process: what the step costs beyond its pod.
    context.stdout.write(`${name} took ${Math.round(performance.now())} ms\n`);
    return 0;
  } catch (error) {
    if (context.signal.aborted) {
      context.stderr.write(`${name}: interrupted\n`);
      return EXIT.interrupted;
    }
    if (error instanceof StepFailure && typeof error.cause === 'string')
      context.stderr.write(`${error.cause}\n`);
    const { line, exitCode } = explain(error);
    context.stderr.write(`${line}\n`);
    return exitCode;
  }
};
