/** The value of `pod-template-hash`: tells the ReplicaSets of a Deployment apart by what their pods look like. */

import { createHash } from 'node:crypto';
import type { PodTemplate } from '../specs/pod-schema.ts';

/** The label that ReplicaSets and pods of a Deployment carry. */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** Kubernetes' alphabet for generated names: no vowels and nothing that looks like another letter. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const HASH_LENGTH = 10;

/** Equal for templates that differ in the order of fields alone. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash('sha256').update(canonical(template)).digest();
  return [...digest.subarray(0, HASH_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
