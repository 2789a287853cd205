/** postEvent: one CDEvent to the sink, as a CloudEvent in structured mode (CloudEvents 1.0, HTTP binding). */

import type { EventSinkConfig } from '../config/telemetry-settings.ts';
import type { CdEvent } from './cd-event.ts';

/** `refused`: the sink will never take it. `retried`: it may later. */
export type PostOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'retried'; readonly reason: string }
  | { readonly kind: 'aborted' };

const TIMEOUT_MS = 10_000;
/** The sink asks for patience by these, or its token is being changed. */
const PASSING_STATUSES = new Set([401, 403, 404, 408, 425, 429]);

/** Never rejects. A redirect is no answer: the token is for this sink alone. */
export async function postEvent(
  { url, token }: EventSinkConfig,
  event: CdEvent,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const { headers, body } = await renderCloudEvent(event);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }) },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return judge(answer.status);
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' };
    return { kind: 'retried', reason: error instanceof Error ? error.name : 'unknown' };
  }
}

/** The library is loaded with the first event. */
async function renderCloudEvent(
  event: CdEvent,
): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: string }> {
  const { CloudEvent, HTTP } = await import('cloudevents');
  const { id, source, type, timestamp: time } = event.context;
  const cloudEvent = new CloudEvent({
    id,
    source,
    type,
    time,
    subject: event.subject.id,
    datacontenttype: 'application/cdevents+json',
    data: event,
  });
  const { headers, body } = HTTP.structured(cloudEvent);
  return { headers: toText(headers), body: String(body) };
}

function toText(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function judge(status: number): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const passing = status >= 500 || status < 400 || PASSING_STATUSES.has(status);
  return passing ? { kind: 'retried', reason: `status ${status}` } : { kind: 'refused', status };
}
