/** The value of a Tekton param or result: a string, an array of strings, or an object of strings. */

import type { ParamValue } from '@tekton-dag/model';
import { z } from 'zod';

/** Numbers and booleans written without quotes count as their text, as Tekton reads them. */
const textSchema = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

export const paramValueSchema = z.union([textSchema, z.array(textSchema), z.record(z.string(), textSchema)]);

export type { ParamValue };
export type ParamType = 'string' | 'array' | 'object';

export const paramTypeSchema = z.enum(['string', 'array', 'object']);

/** `{name, value}` as params are passed. */
export const paramSchema = z.looseObject({ name: z.string(), value: paramValueSchema });
export interface Param {
  readonly name: string;
  readonly value: ParamValue;
}

/** `{name, type, default, properties}` as params are declared. */
export const paramSpecSchema = z.looseObject({
  name: z.string(),
  type: paramTypeSchema.optional(),
  description: z.string().optional(),
  default: paramValueSchema.optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  enum: z.array(z.string()).optional(),
});
export type ParamSpec = z.infer<typeof paramSpecSchema>;

/** The type that a value has. */
export function typeOfParamValue(value: ParamValue): ParamType {
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'array' : 'object';
}

/** The declared type of a param; derived from its default or properties where it is not written. */
export function typeOfParamSpec(spec: ParamSpec): ParamType {
  if (spec.type !== undefined) return spec.type;
  if (spec.properties !== undefined) return 'object';
  return spec.default === undefined ? 'string' : typeOfParamValue(spec.default);
}
