/** Steps from one version to the next: a candidate becomes a release, a release opens the next candidate. */

import parse from 'semver/functions/parse.js';

/** `0.1.0-rc.3` is released as `0.1.0`. Throws RangeError for what is no semantic version. */
export function releaseVersion(version: string): string {
  const { major, minor, patch } = read(version);
  return `${major}.${minor}.${patch}`;
}

/** After `0.1.0` comes `0.1.1-rc.0`. Throws RangeError for what is no semantic version. */
export function nextCandidate(released: string): string {
  const { major, minor, patch } = read(released);
  return `${major}.${minor}.${patch + 1}-rc.0`;
}

function read(version: string) {
  const parsed = parse(version);
  if (parsed === null) throw new RangeError(`${JSON.stringify(version)} is not a semantic version`);
  return parsed;
}
