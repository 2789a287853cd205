/** problemSchema: the form of every error answer (RFC 9457), as the OpenAPI document shows it. */

import { z } from 'zod';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';

function codesOf(codes: Record<ProblemCode, string>): readonly string[] {
  return Object.keys(codes).sort();
}

export const problemSchema = z
  .object({
    type: z.string().describe('urn:tekton-dag:problem:<code>'),
    code: z.enum(codesOf(PROBLEM_CODES)).describe(describeCodes()),
    status: z.int(),
    title: z.string(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

/** What every route may answer besides its result; keys as Fastify and OpenAPI spell ranges. */
export const problemResponses = {
  '4xx': problemResponse('The request is refused.'),
  '5xx': problemResponse('The request cannot be served now.'),
};

function problemResponse(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}

function describeCodes(): string {
  const lines = Object.entries(PROBLEM_CODES).map(([code, meaning]) => `- \`${code}\`: ${meaning}`);
  return `Stable; branch on it.\n\n${lines.sort().join('\n')}`;
}
