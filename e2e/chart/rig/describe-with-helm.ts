/** describeWithHelm: tests of the chart, skipped where Helm is missing; their title says why. */

import { describe } from 'vitest';
import { HELM } from './render-release.ts';

/** Helm reads the whole chart each time: seconds, where others have the processors. */
const TIMEOUT_MS = 300_000;

export function describeWithHelm(title: string, body: () => void): void {
  if (HELM === undefined) describe.skip(`${title} (skipped: helm is not on the PATH)`, body);
  else describe(title, { timeout: TIMEOUT_MS }, body);
}
