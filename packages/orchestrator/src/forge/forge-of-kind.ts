/** forgeOfKind: the forges that we know, by kind. */

import type { Forge, ForgeKind } from './forge.ts';
import { giteaForge } from './gitea/gitea-forge.ts';
import { githubForge } from './github/github-forge.ts';

const FORGES: Readonly<Record<ForgeKind, Forge>> = { github: githubForge, gitea: giteaForge };

export function forgeOfKind(kind: ForgeKind): Forge {
  return FORGES[kind];
}
