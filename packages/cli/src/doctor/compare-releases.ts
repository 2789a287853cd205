/** compareReleases: which of two releases is older. Pure. */

const RELEASE = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+]|$)/;

/** Negative when `a` is older; undefined when one of them is no release such as `v1.2.3`. */
export function compareReleases(a: string, b: string): number | undefined {
  const [left, right] = [RELEASE.exec(a), RELEASE.exec(b)];
  if (left === null || right === null) return undefined;
  const differences = [1, 2, 3].map((part) => Number(left[part]) - Number(right[part]));
  return differences.find((difference) => difference !== 0) ?? 0;
}
