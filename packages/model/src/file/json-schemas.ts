/** jsonSchemas: the published JSON Schemas (draft 2020-12) of the files that users write. */

import { z } from 'zod';
import { imageMatrixSchema } from '../images/image-matrix-schema.ts';
import { registryFileSchema } from '../registry/registry-file-schema.ts';
import { stackFileSchema } from '../stack/stack-file-schema.ts';
import { teamFileSchema } from '../team/team-file-schema.ts';
import { versionsFileSchema } from '../versions/versions-file-schema.ts';

const PUBLISHED = {
  'stacks/schema.json': { title: 'Stack', schema: stackFileSchema },
  'stacks/versions.schema.json': { title: 'Versions', schema: versionsFileSchema },
  'stacks/registry.schema.json': { title: 'Registry', schema: registryFileSchema },
  'images/matrix.schema.json': { title: 'Images', schema: imageMatrixSchema },
  'teams/schema.json': { title: 'Team', schema: teamFileSchema },
} as const;

/** Path in the repository to JSON Schema. */
export function jsonSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PUBLISHED).map(([path, { title, schema }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
      return [path, { $schema, title, ...rest }];
    }),
  );
}
