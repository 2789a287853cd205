/** registryMirrorsSchema: which registry is asked instead of another, as in param registry-mirrors. */

import { z } from 'zod';
import { text } from '../file/formats.ts';

/** Host to `host[:port][/path]`, e.g. `docker.io` to `mirror.example/hub`. */
export const registryMirrorsSchema = z.record(text('host'), text('imageRegistry'));
export type RegistryMirrors = Readonly<Record<string, string>>;
