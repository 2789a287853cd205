/** packageProxiesSchema: where build tools get their packages, as in param package-proxies. */

import { z } from 'zod';
import { text } from '../file/formats.ts';

const url = text('packageProxy').exactOptional();

/** A URL for each tool that must not ask its public registry. */
export const packageProxiesSchema = z.strictObject({
  npm: url,
  pip: url,
  maven: url,
  gradle: url,
  composer: url,
});
export type PackageProxies = Readonly<z.output<typeof packageProxiesSchema>>;
