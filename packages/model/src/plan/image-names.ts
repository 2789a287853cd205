/** Names of images: what a run makes, and what it compiles with. */

import type { Build, BuildTool } from '../stack/stack.ts';
import { COMPILE_IMAGES, variantTagOf, wantedVersion } from './compile-images.ts';

/** Where our images are when nobody says otherwise. */
export const PUBLIC_IMAGES = 'ghcr.io/tekton-dag';

/** `<registry>/<app>`, without tag. */
export function imageRepositoryOf(registry: string, app: string): string {
  return `${registry}/${app}`;
}

/** Where our other images lie: beside the program's own; undefined when its name is none of ours. */
export function imagesBeside(programImage: string): string | undefined {
  return /^(?<registry>.+)\/tekton-dag(?::[^/]*)?$/.exec(programImage.replace(/@.*$/, ''))?.groups?.[
    'registry'
  ];
}

export interface CompileImageChoice {
  /** By tool; empty text counts as none. */
  readonly overrides?: Readonly<Partial<Record<BuildTool, string>>> | undefined;
  /** `host[:port][/path]` of our images. */
  readonly registry?: string | undefined;
}

/**
 * The image whose programs compile an app: the override of its tool, else ours of the tool and the version asked for,
 * such as `ghcr.io/tekton-dag/tekton-dag-build-node:node24`. Undefined for tool `none`.
 */
export function compileImageOf(
  build: Build,
  { overrides = {}, registry = PUBLIC_IMAGES }: CompileImageChoice = {},
): string | undefined {
  const image = COMPILE_IMAGES[build.tool];
  if (image === undefined) return undefined;
  const override = overrides[build.tool] ?? '';
  if (override !== '') return override;
  return `${registry}/${image.name}:${variantTagOf(image, wantedVersion(build, image))}`;
}
