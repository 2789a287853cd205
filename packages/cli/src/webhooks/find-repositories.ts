/** findRepositories: the repositories of stacks, each once, as one forge names them. */

import { parseGitRepository, type Stack } from '@tekton-dag/model';

/** `owner/name` in alphabetical order. Apps whose repository is on another host are left out. */
export function findRepositories(stacks: readonly Stack[], forgeHost: string): string[] {
  const byKey = new Map<string, string>();
  for (const { repo } of stacks.flatMap(({ apps }) => apps)) {
    const parsed = parseGitRepository(repo);
    if (!parsed.ok) continue;
    const { host, fullName } = parsed.value;
    if ((host ?? forgeHost) === forgeHost) byKey.set(fullName.toLowerCase(), fullName);
  }
  return [...byKey.keys()].toSorted().map((key) => byKey.get(key) ?? key);
}
