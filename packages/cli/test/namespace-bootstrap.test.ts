/** `namespace bootstrap` makes accounts and rights; not everywhere. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCliRig, type CliRig } from './cli-rig.ts';

let rig: CliRig;
beforeAll(async () => {
  rig = await createCliRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

it.each([
  ['kube-system', ['kube-system']],
  ['argocd', ['ci', '--apps-namespace', 'staging', '--apps-namespace', 'argocd']],
])('refuses namespace %s in the words of team validate', async (namespace, args) => {
  const outcome = await rig.run(['namespace', 'bootstrap', ...args, '--dry-run']);
  expect(outcome).toEqual({
    code: 3,
    stdout: '',
    stderr: `error: "${namespace}" is a reserved namespace\nhint: choose another one, such as team-shop\n`,
  });
});
