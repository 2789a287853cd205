import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '@tekton-dag/model';

const ROOT = new URL('../../../', import.meta.url);

describe('the published JSON Schemas', () => {
  it.each(Object.entries(jsonSchemas()))('%s is what scripts/generate-schemas.ts writes', (path, schema) => {
    expect(JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'))).toEqual(schema);
  });

  it('refuse unknown keys and say which keys are needed', () => {
    expect(jsonSchemas()['stacks/schema.json']).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Stack',
      required: ['name', 'apps'],
      additionalProperties: false,
      properties: { apps: { items: { required: ['name', 'repo', 'role'], additionalProperties: false } } },
    });
  });
});
