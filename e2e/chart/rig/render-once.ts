/** renderOnce: a release that must render, for tests that look at the same one from several sides. */

import { parseChartObjects, type ChartObject } from './chart-object.ts';
import { renderGood, type Release } from './render-release.ts';

const rendered = new Map<string, Promise<string>>();

export async function renderOnce(release: Release = {}): Promise<string> {
  const key = JSON.stringify(release);
  const text = rendered.get(key) ?? renderGood(release);
  rendered.set(key, text);
  return await text;
}

export async function renderObjects(release: Release = {}): Promise<readonly ChartObject[]> {
  return parseChartObjects(await renderOnce(release));
}
