/** parseTokenFile: the list of static tokens, as YAML or JSON, mounted from a Secret. */

import { err, ok, parseFile, type Diagnostic, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import { ROLES } from './role.ts';
import type { StaticToken } from './static-token.ts';

const team = z.string().regex(/^(?:\*|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/, 'is not a team');

const tokenFileSchema = z.array(
  z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/, 'is not a name'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not the SHA-256 of a token in hex'),
    access: z.record(team, z.enum(ROLES)),
  }),
);

/** Every problem at once, with its place; none repeats a value: it may be a token that somebody put there by mistake. */
export function parseTokenFile(text: string, file: string): Result<readonly StaticToken[], Diagnostic[]> {
  const parsed = parseFile(text, file, tokenFileSchema);
  if (!parsed.ok) return err(parsed.error.map(withoutValue));
  return ok(
    parsed.value.map(({ name, sha256, access }) => ({
      caller: { name: `token/${name}`, access: new Map(Object.entries(access)) },
      digest: Buffer.from(sha256, 'hex'),
    })),
  );
}

function withoutValue(problem: Diagnostic): Diagnostic {
  return problem.code === 'bad-value'
    ? { ...problem, message: 'is not a name, a SHA-256 in hex or a team' }
    : problem;
}
