/** useTapShop: stack `shop` of three apps in a row, bootstrapped on a cluster whose pull requests are intercepted by a backend with taps. */

import { afterAll, beforeAll, expect } from 'vitest';
import { explainOutcome } from '../../rig/explain-outcome.ts';
import { createTapRig, type TapBackend, type TapRig } from './tap-rig.ts';

const BOOTSTRAP_TIMEOUT_MS = 900_000;

/** What untagged requests are answered. */
export const SHOP_BASELINE = 'front 1 -> middle 1 -> back 1';

/** For one test file; the rig is there when its tests run. */
export function useTapShop(backend: TapBackend): () => TapRig {
  let rig: TapRig;
  beforeAll(async () => {
    rig = await createTapRig(backend);
    await writeShop(rig);
    for (const app of ['front', 'middle', 'back']) await rig.pushApp(app);
    const run = await rig.run('bootstrap', 'shop');
    expect(run.succeeded, explainOutcome(run)).toBe(true);
  }, BOOTSTRAP_TIMEOUT_MS);
  afterAll(async () => {
    await rig[Symbol.asyncDispose]();
  });
  return () => rig;
}

/** `middle` is what the file says of app `middle` beside its place. */
export const writeShop = async (rig: TapRig, middle: object = {}): Promise<void> =>
  await rig.writeStack({
    name: 'shop',
    apps: { front: { downstream: ['middle'] }, middle: { downstream: ['back'], ...middle }, back: {} },
  });

/** Pods take their time to end. */
export const expectNothingLeft = async (rig: TapRig, run: string): Promise<void> =>
  await expect.poll(() => rig.leftovers(run), { timeout: 300_000, interval: 500 }).toEqual([]);
