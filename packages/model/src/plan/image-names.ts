/** Names of images: what a run makes, and what it compiles with. */

import type { Build, BuildTool } from '../stack/stack.ts';

const COMPILE_IMAGES = 'ghcr.io/tekton-dag';

/** `<registry>/<app>`, without tag. */
export function imageRepositoryOf(registry: string, app: string): string {
  return `${registry}/${app}`;
}

/**
 * The image whose programs compile an app: the override of its tool, else ours of the tool and the version asked for,
 * such as `ghcr.io/tekton-dag/build-npm:node24`. Undefined for tool `none`.
 */
export function compileImageOf(
  build: Build,
  overrides: Readonly<Partial<Record<BuildTool, string>>> = {},
): string | undefined {
  if (build.tool === 'none') return undefined;
  const override = overrides[build.tool];
  if (override !== undefined && override !== '') return override;
  return `${COMPILE_IMAGES}/build-${build.tool}:${variantOf(build)}`;
}

/** The part of a compile image's tag that tells language versions apart. */
function variantOf({ tool, javaVersion, nodeVersion, pythonVersion, phpVersion }: Build): string {
  const java = `java${javaVersion ?? '21'}`;
  const variants: Readonly<Record<BuildTool, string>> = {
    npm: `node${nodeVersion ?? '24'}`,
    maven: java,
    gradle: java,
    pip: `python${pythonVersion ?? '3.12'}`,
    composer: `php${phpVersion ?? '8.3'}`,
    none: 'latest',
  };
  return variants[tool];
}
