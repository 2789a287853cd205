/** imagesList: the images of the matrix, as a build would make them. */

import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import type { ImageBuild } from '../images/image-build.ts';
import { renderObjects, type ObjectView } from '../render/objects.ts';
import { explainPassedOver, readImagePlan, type ImagesOptions } from './images-build.ts';

const VIEW: ObjectView<ImageBuild> = {
  nameOf: ({ references }) => `image/${references[0]}`,
  headings: ['NAME', 'TAG', 'BASE'],
  row: ({ name, tag, base }) => [name, tag, base.reference],
};

/** Starts nothing and asks no registry. */
export async function imagesList(host: CliHost, options: ImagesOptions): Promise<number> {
  const { plan } = await readImagePlan(host, options);
  for (const image of plan.passedOver) host.stderr.write(`${explainPassedOver(image)}\n`);
  host.stdout.write(await renderObjects(plan.builds, VIEW, options.output));
  return EXIT.ok;
}
