/** Problem details: the form of every error answer (RFC 9457). */

import type { FastifyReply } from 'fastify';
import type { ProblemCode } from './problem-codes.ts';

export interface Problem {
  readonly status: number;
  /** Stable; callers may branch on it. */
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail?: string;
  /** One entry per problem of the request, with the place it was found. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Thrown by handlers that cannot go on; the error handler sends it. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export function sendProblem(reply: FastifyReply, { code, ...problem }: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:tekton-dag:problem:${code}`, code, ...problem }));
}
