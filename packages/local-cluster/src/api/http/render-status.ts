/** Renders a refusal, or the success of a delete, as a Kubernetes Status object. */

import type { ApiRefusal } from './api-refusal.ts';

/** What the Status is about. */
export interface StatusSubject {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
}

const causeOf = ({
  field,
  message,
  reason = 'FieldValueInvalid',
}: NonNullable<ApiRefusal['causes']>[number]) => ({
  reason,
  message,
  field,
});

/** metav1.Status with status Failure. */
export const renderFailure = (refusal: ApiRefusal, subject: StatusSubject = {}): Record<string, unknown> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: refusal.message,
  reason: refusal.reason,
  details: {
    ...subject,
    ...(refusal.causes === undefined ? {} : { causes: refusal.causes.map(causeOf) }),
    ...(refusal.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: refusal.retryAfterSeconds }),
  },
  code: refusal.code,
});

/** metav1.Status with status Success, as a finished delete answers. */
export const renderSuccess = (subject: StatusSubject): Record<string, unknown> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: subject,
});
