/** readDeliveryHeaders: id and event of a delivery from the headers that a forge names. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { DeliveryHeaders, RequestHeaders } from './forge.ts';
import { headerText } from './header-text.ts';
import type { PayloadProblem } from './payload-problem.ts';

const DELIVERY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const EVENT_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const MAX_KEPT_LENGTH = 256;

export interface HeaderNames {
  readonly id: string;
  readonly event: string;
  /** Further ones to keep. */
  readonly kept: readonly string[];
}

export function readDeliveryHeaders(
  headers: RequestHeaders,
  names: HeaderNames,
): Result<DeliveryHeaders, PayloadProblem> {
  const id = headerText(headers, names.id) ?? '';
  const event = headerText(headers, names.event) ?? '';
  if (!DELIVERY_ID.test(id) || !EVENT_NAME.test(event)) {
    return err({ reason: 'headers', message: `${names.id} and ${names.event} are required` });
  }
  const kept = [names.event, ...names.kept].map((name) => [
    name,
    (headerText(headers, name) ?? '').slice(0, MAX_KEPT_LENGTH),
  ]);
  return ok({ id, event, kept: Object.fromEntries(kept) });
}
