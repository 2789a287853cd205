/** Texts of chart values: patterns that Go's engine of regular expressions reads too, with the words to refuse others. */

import { formatOf, type FormatName } from '@tekton-dag/model';
import { z } from 'zod';

/** A text of the form, or the empty one, which stands for the default. */
export function orEmpty(form: RegExp, hint: string): z.ZodString {
  return z.string().regex(new RegExp(`^$|${form.source}`), hint);
}

/** As a format of input files, or empty. */
export function formatOrEmpty(name: FormatName): z.ZodString {
  const { pattern, hint } = formatOf(name);
  return orEmpty(pattern, hint);
}

const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const OBJECT_NAME_HINT = 'use lower-case letters, digits, "-" and ".", at most 253 characters';

/** The name of a Kubernetes object (RFC 1123 subdomain). */
export const objectName = z.string().regex(OBJECT_NAME, OBJECT_NAME_HINT);
export const objectNameOrEmpty = orEmpty(OBJECT_NAME, OBJECT_NAME_HINT);

const SECRET_KEY = /^[A-Za-z0-9._-]{1,253}$/;

/** A key of a Secret or a ConfigMap. */
export const secretKey = z.string().regex(SECRET_KEY, 'use letters, digits, "-", "_" and "."');
export const secretKeyOrEmpty = orEmpty(SECRET_KEY, 'use letters, digits, "-", "_" and "."');

/** Kubernetes' form of sizes (apimachinery, resource.Quantity). */
export const quantity = z.union([
  z.string().regex(/^[0-9]+(?:\.[0-9]+)?(?:[KMGTPE]i|[mkMGTPE])?$/, 'write a size such as 2Gi or 500m'),
  z.number().min(0),
]);

/** A number or a percentage of pods. */
export const countOrPercent = z.union([
  z.int().min(0).max(10_000),
  z.string().regex(/^(?:100|[0-9]{1,2})%$/, 'write a whole number, or a percentage such as 25%'),
]);

export const port = z.int().min(1).max(65_535);
