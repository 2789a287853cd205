/** The images of a failed run that can be used again: of the plan's content, and still in the registry. */
import type { Images, Plan, PlannedBuild } from '@tekton-dag/model';
import { mapBounded } from '../map-bounded.ts';

const PARALLEL_LOOKUPS = 8;

/** In the order of the plan. `exists` asks the registry for a digest. */
export const keepImages = async (
  { buildApps }: Pick<Plan, 'buildApps'>,
  images: Images,
  exists: (image: Images[string]) => Promise<boolean>,
): Promise<Images> => {
  const keep = async ({ app, contentKey }: PlannedBuild): Promise<[string, Images[string]][]> => {
    const image = images[app];
    if (image?.contentKey !== contentKey || !(await exists(image))) return [];
    return [[app, { ...image, reused: true }]];
  };
  return Object.fromEntries((await mapBounded(buildApps, PARALLEL_LOOKUPS, keep)).flat());
};
