/** A request that the API answers with a Kubernetes Status instead of an object. */

import { err, type Err } from '@tekton-dag/model';

/** Reasons and codes as in k8s.io/apimachinery, metav1.StatusReason. */
export interface ApiRefusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** The object's name where the path does not tell it. */
  readonly name?: string;
  readonly causes?: readonly { readonly field: string; readonly message: string; readonly reason?: string }[];
  readonly retryAfterSeconds?: number;
}

export const badRequest = (message: string): Err<ApiRefusal> =>
  err({ code: 400, reason: 'BadRequest', message });

export const unsupportedMediaType = (message: string): Err<ApiRefusal> =>
  err({ code: 415, reason: 'UnsupportedMediaType', message });

export const methodNotAllowed = (): Err<ApiRefusal> =>
  err({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
  });

export const tooLarge = (limitBytes: number): ApiRefusal => ({
  code: 413,
  reason: 'RequestEntityTooLarge',
  message: `Request entity too large: limit is ${limitBytes}`,
});

/** Of a subresource that Kubernetes has, perhaps. */
export const notServed = (resource: string, subresource: string): Err<ApiRefusal> =>
  err({
    code: 404,
    reason: 'NotFound',
    message: `the server could not find the requested resource: a local cluster does not serve ${resource}/${subresource}`,
  });

export const unknownPath = (): Err<ApiRefusal> =>
  err({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
