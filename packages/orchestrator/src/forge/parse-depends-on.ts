/** parseDependsOn: the pull requests that a description names as needed. Pure; the text is hostile. */

import type { Dependency } from './change.ts';

const MAX_DEPENDENCIES = 20;
/** Longer lines are prose; what backtracks stays short. */
const MAX_LINE_LENGTH = 500;
const LINE = /^[ \t>*-]{0,8}depends-on:[ \t]*(\S{3,400})[ \t]*$/i;
const NAME = '[A-Za-z0-9_.-]{1,100}';
/** `owner/name#7`, or with a host before it. */
const SHORT = new RegExp(String.raw`^(?:([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)/)?(${NAME}/${NAME})#(\d{1,10})$`);
/** GitHub writes `/pull/7`, Gitea `/pulls/7`. */
const LINK = new RegExp(
  String.raw`^https?://([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)/(${NAME}/${NAME})/pulls?/(\d{1,10})/?$`,
);

/**
 * One entry per line `Depends-On: owner/name#7` or `Depends-On: <link to a pull request>`, in order, each once, at most
 * 20. `host` is that of the pull request itself.
 */
export function parseDependsOn(text: string, host: string): readonly Dependency[] {
  const found = new Map<string, Dependency>();
  for (const line of text.split(/\r?\n/)) {
    const dependency = parseLine(line, host);
    const key = JSON.stringify(dependency ?? '').toLowerCase();
    if (dependency !== undefined && !found.has(key) && found.size < MAX_DEPENDENCIES)
      found.set(key, dependency);
  }
  return [...found.values()];
}

function parseLine(line: string, ownHost: string): Dependency | undefined {
  if (line.length > MAX_LINE_LENGTH) return undefined;
  const wanted = LINE.exec(line)?.[1] ?? '';
  const [, host = ownHost, repository, number] = LINK.exec(wanted) ?? SHORT.exec(wanted) ?? [];
  const pullRequest = Number(number);
  if (repository === undefined || !(pullRequest >= 1 && pullRequest <= 2_147_483_647)) return undefined;
  return { host: host.toLowerCase(), repository, pullRequest };
}
