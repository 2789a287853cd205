/** Turns whatever a handler threw into problem details; only what the caller may know leaves the process. */

import { KubeError, KubeUnreachableError } from '@tekton-dag/kube';
import { StoreError, type StoreErrorCode } from '@tekton-dag/store';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ProblemError, sendProblem, type Problem } from './problem.ts';

const TITLES: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body-too-large', title: 'The body is too large' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'content-type',
    title: 'The content type must be application/json',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'not-json', title: 'The body is not JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'not-json', title: 'The body is empty' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'content-length',
    title: 'The body has not the length it declares',
  },
};

const INTERNAL: Problem = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong inside',
  detail: 'The log has more.',
};
const UNREAD = new Set<Problem['code']>(['body-too-large', 'overloaded']);

export function handleError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
  // What was refused unread still comes in, and only an end of the connection stops it: see lingerOverUnread.
  if (UNREAD.has(problem.code)) reply.header('connection', 'close');
  return sendProblem(reply, problem);
}

/** What passes: the same request may succeed in a moment. */
const STORE_AWAY = new Set<StoreErrorCode>([
  'STORE_UNAVAILABLE',
  'STORE_BUSY',
  'STORE_TIMEOUT',
  'STORE_CLOSED',
]);

function toProblem(error: FastifyError | Error): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof StoreError) return storeProblem(error.code);
  if (hasZodFastifySchemaValidationErrors(error)) return validationProblem(error.validation);
  if (error instanceof KubeUnreachableError) {
    return { status: 503, code: 'cluster-unreachable', title: 'The cluster cannot be reached' };
  }
  if (error instanceof KubeError) {
    return {
      status: 502,
      code: 'cluster-refused',
      title: 'The cluster refused the request',
      detail: error.reason,
    };
  }
  if ('code' in error) {
    const known = TITLES[error.code];
    if (known !== undefined) return known;
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return { status: error.statusCode, code: 'bad-request', title: error.message };
    }
  }
  return INTERNAL;
}

function storeProblem(code: StoreErrorCode): Problem {
  if (code === 'STORE_CURSOR_INVALID')
    return { status: 400, code: 'invalid-cursor', title: 'The cursor is not one of this list' };
  if (STORE_AWAY.has(code))
    return { status: 503, code: 'store-unavailable', title: 'The database does not answer; try again' };
  return INTERNAL;
}

function validationProblem(issues: readonly { instancePath: string; message?: string }[]): Problem {
  const errors = issues.map(({ instancePath, message = 'is invalid' }) => ({ path: instancePath, message }));
  return { status: 400, code: 'invalid-request', title: 'The request is invalid', errors };
}
