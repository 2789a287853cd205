/** The stack of the tests, bootstrapped, with or without a pull request that is prepared. */

import { expect } from 'vitest';
import { prepareEnv, pushStack, putImages, stackText } from './shop-stack.ts';
import { startFakeApp } from './start-fake-app.ts';
import type { StepRig } from './step-rig.ts';

export const sessionOf = (rig: StepRig): string =>
  /"session":"([^"]+)"/.exec(JSON.stringify(rig.record('plan.json')))?.[1] ?? '';

export const BOOTSTRAP = { MODE: 'bootstrap', CHANGED_APP: '', PR_NUMBER: '', PR_REPOSITORY: '' };

/** Bootstraps a stack whose three Services all lead to one app that answers as `answer` says. */
export const bootstrap = async (rig: StepRig, answer: Parameters<typeof startFakeApp>[1]) => {
  const app = await startFakeApp(rig, answer);
  const { port } = app;
  await pushStack(rig, stackText({ web: port, mid: port, api: port }));
  expect(await rig.run('prepare', prepareEnv(rig, BOOTSTRAP))).toMatchObject({ code: 0 });
  await putImages(rig, ['web', 'mid', 'api']);
  expect(await rig.run('deploy-baseline')).toMatchObject({ code: 0, stderr: '' });
  return app;
};

export const prepareChange = async (rig: StepRig, digest = `sha256:${'e'.repeat(64)}`): Promise<string> => {
  expect(await rig.run('prepare', prepareEnv(rig))).toMatchObject({ code: 0 });
  await putImages(rig, ['api'], digest);
  return sessionOf(rig);
};
