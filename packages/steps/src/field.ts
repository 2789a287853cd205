/** The kinds of param value that steps read from env. */
import { parseTraceparent } from '@tekton-dag/model';
import { z } from 'zod';

const jsonText = z.string().transform((text, ctx): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** Fields for step schemas. Each takes the text of one env variable. */
export const field = {
  /** A name of a Kubernetes object (RFC 1123 label, at most 63 characters). */
  dnsLabel: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a DNS label'),
  /** A name of a Kubernetes object (RFC 1123 subdomain, at most 253 characters). */
  objectName: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be a Kubernetes object name'),
  text: z.string().min(1, 'must not be empty'),
  /** Any text; absent counts as empty. */
  optionalText: z.string().default(''),
  flag: z
    .enum(['true', 'false', ''])
    .default('')
    .transform((text) => text === 'true'),
  positiveInteger: z
    .string()
    .regex(/^[1-9][0-9]{0,8}$/, 'must be a whole number above 0')
    .transform(Number),
  /** A full git commit id, SHA-1 or SHA-256. */
  commit: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full commit id'),
  /** A branch, tag or commit; safe to hand to git (git-check-ref-format). */
  revision: z
    .string()
    .max(255)
    .regex(
      /^(?![-/])(?!.*(\.\.|@\{|\/\/|\.lock$|[/.]$))[^\p{Cc} ~^:?*[\\]+$/u,
      'must be a branch, tag or commit',
    ),
  /** A path inside a repository: relative, no `..`, no option. */
  repositoryPath: z
    .string()
    .regex(/^(?![-/])(?!.*(^|\/)\.\.(\/|$))\P{Cc}+$/u, 'must be a path inside the repository'),
  /** A traceparent (W3C Trace Context); anything else counts as absent, for tracing must fail nothing. */
  traceparent: z
    .string()
    .optional()
    .transform((text = '') => (parseTraceparent(text) === undefined ? undefined : text)),
  /** JSON text, parsed and checked. */
  json: <T extends z.ZodType>(schema: T) => jsonText.pipe(schema),
} as const;
