/** Validates a value against an OpenAPI v3 schema and reports every problem as Kubernetes words it. */

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isRecord } from '../../objects/is-record.ts';
import type { FieldError, OpenApiSchema } from '../../contracts/resource-definition.ts';

const VALUE_KEYWORDS = new Set(['default', 'example', 'enum', 'const']);

/** OpenAPI 3.0 says exclusiveMinimum with a boolean beside minimum; JSON Schema says it with a number. */
const exclusiveBounds = (schema: Record<string, unknown>): Record<string, unknown> => {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const lower = exclusiveMinimum === true ? { exclusiveMinimum: schema.minimum } : {};
  const upper = exclusiveMaximum === true ? { exclusiveMaximum: schema.maximum } : {};
  return { ...rest, ...lower, ...upper };
};

const intOrString = (schema: Record<string, unknown>): Record<string, unknown> => {
  if (schema['x-kubernetes-int-or-string'] !== true) return schema;
  const { type: _type, ...rest } = schema;
  return { ...rest, type: ['integer', 'string'] };
};

const convertAll = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, toJsonSchema(value)]));

const convertField = (key: string, value: unknown): unknown => {
  if (VALUE_KEYWORDS.has(key)) return value;
  return key === 'properties' && isRecord(value) ? convertAll(value) : toJsonSchema(value);
};

/** The schema as ajv reads it. Kubernetes' own `x-` keywords, titles and formats do not validate. */
const toJsonSchema = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (!isRecord(schema)) return schema;
  const known = Object.entries(intOrString(exclusiveBounds(schema))).filter(
    ([key]) => !key.startsWith('x-') && key !== 'format' && key !== 'default' && key !== 'example',
  );
  return Object.fromEntries(known.map(([key, value]) => [key, convertField(key, value)]));
};

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateFormats: false });
const compiled = new WeakMap<OpenApiSchema, ValidateFunction>();

const validatorOf = (schema: OpenApiSchema): ValidateFunction => {
  const found = compiled.get(schema);
  if (found !== undefined) return found;
  const json = toJsonSchema(schema);
  const made = ajv.compile(isRecord(json) ? json : {});
  compiled.set(schema, made);
  return made;
};

/** `/spec/ports/0/name` as `spec.ports[0].name`. */
const fieldPath = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );

const shown = (value: unknown): string => JSON.stringify(value) ?? 'null';

const wordError = ({ keyword, params, data, message = '' }: ErrorObject, field: string): string => {
  if (keyword === 'required') return 'Required value';
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    return `Unsupported value: ${shown(data)}: supported values: ${params.allowedValues.map(shown).join(', ')}`;
  }
  if (keyword === 'type')
    return `Invalid value: ${shown(data)}: ${field} in body must be of type ${String(params.type)}`;
  return `Invalid value: ${shown(data)}: ${field} in body ${message}`;
};

const toFieldError = (error: ErrorObject): FieldError => {
  const at = fieldPath(error.instancePath);
  const missing = error.keyword === 'required' ? String(error.params.missingProperty) : '';
  const field = [at, missing].filter((part) => part !== '').join('.');
  return { field: field === '' ? '<nil>' : field, message: wordError(error, field) };
};

/** All problems at once; empty when the value fits. */
export const validateValue = (value: unknown, schema: OpenApiSchema): readonly FieldError[] => {
  const validate = validatorOf(schema);
  return validate(value) ? [] : (validate.errors ?? []).map(toFieldError);
};
