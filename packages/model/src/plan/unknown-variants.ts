/** unknownVariants: apps that ask for a language version that no image of ours compiles with. */

import type { App } from '../stack/stack.ts';
import { COMPILE_IMAGES, wantedVersion } from './compile-images.ts';
import type { UnknownVariant } from './plan-failure.ts';
import type { PlanRequest } from './plan-request.ts';

/** An image of the user's own compiles what it likes. */
export function unknownVariants(
  apps: readonly App[],
  { compileImages = {} }: Pick<PlanRequest, 'compileImages'>,
): UnknownVariant[] {
  return apps.flatMap(({ name, build }) => {
    const image = COMPILE_IMAGES[build.tool];
    if (image === undefined || (compileImages[build.tool] ?? '') !== '') return [];
    const version = wantedVersion(build, image);
    if (image.versions.includes(version)) return [];
    return [
      {
        reason: 'unknown-variant',
        app: name,
        message: `${name}: build.${image.key} ${JSON.stringify(version)} has no image; ${image.name} has ${image.versions.join(', ')}`,
        hint: `use one of these, or name an image of your own in compile-image-${build.tool}`,
      },
    ];
  });
}
