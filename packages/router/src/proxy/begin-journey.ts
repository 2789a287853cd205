/** Follows one request through the router: what it carries on, and what is recorded of it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HOP_MEMBER, readCaller, readSessionTag, type SessionTag } from '../session/session-tag.ts';
import { withBaggageMember } from '../session/baggage.ts';
import { createTraceParent, traceIdOf } from '../session/trace-parent.ts';
import type { Endpoint, RoutedService } from '../table/route-table.ts';
import { withHeader, withoutHeader } from './raw-headers.ts';
import type { TrafficContext } from './traffic-context.ts';

const SERVED_BY_HEADER = 'x-tekton-dag-served-by';

/** Who answered; both are undefined where the router answered itself. */
export interface Destination {
  readonly backend: string | undefined;
  readonly pod: string | undefined;
}

export interface Journey {
  readonly isTagged: boolean;
  /** Adds what the next hop has to know. Headers of an untagged request come back as they are. */
  tagRequest(headers: string[]): string[];
  /** Says on the answer to a tagged request who gave it. */
  tagAnswer(headers: string[], backend: string, endpoint: Endpoint): string[];
  /** Records the hop. */
  finish(status: number, destination: Destination): void;
}

export function beginJourney(
  context: TrafficContext,
  routed: RoutedService,
  request: IncomingMessage,
): Journey {
  const tag = readSessionTag(request.headers, routed);
  return tag === undefined
    ? beginUntagged(context, routed, request)
    : beginTagged(context, routed, { request, tag });
}

interface TaggedRequest {
  readonly request: IncomingMessage;
  readonly tag: SessionTag;
}

function beginTagged(
  context: TrafficContext,
  routed: RoutedService,
  { request, tag }: TaggedRequest,
): Journey {
  const startedMs = context.now();
  const present = traceIdOf(textOf(request.headers, 'traceparent'));
  const made = present === undefined ? createTraceParent() : undefined;
  const traceId = made?.traceId ?? present ?? '';
  const sequence = context.hopLog.arrive(traceId);
  const baggage = withBaggageMember(textOf(request.headers, 'baggage') ?? '', HOP_MEMBER, routed.service);
  return {
    isTagged: true,
    tagRequest(headers) {
      // A trace that starts here has no state of an earlier one (W3C Trace Context, section 3.3).
      const traced =
        made === undefined
          ? headers
          : withHeader(withoutHeader(headers, 'tracestate'), 'traceparent', made.header);
      return baggage === undefined ? traced : withHeader(traced, 'baggage', baggage);
    },
    tagAnswer: (headers, backend, endpoint) =>
      withHeader(headers, SERVED_BY_HEADER, `${backend}/${endpoint.pod}`),
    finish(status, { backend = null, pod = null }) {
      const { namespace, service } = routed;
      const durationMs = context.now() - startedMs;
      const place = { sequence, timeUnixMs: startedMs, namespace, service };
      context.hopLog.record(traceId, { ...place, ...tag, backend, pod, status, durationMs });
    },
  };
}

/** An untagged request is not touched. Where its trace is known it once had a session, which is worth a note. */
function beginUntagged(context: TrafficContext, routed: RoutedService, request: IncomingMessage): Journey {
  const startedMs = context.now();
  const traceId = traceIdOf(textOf(request.headers, 'traceparent'));
  const sequence = traceId === undefined ? undefined : context.hopLog.arriveUntagged(traceId);
  return {
    isTagged: false,
    tagRequest: (headers) => headers,
    tagAnswer: (headers) => headers,
    finish(status, { backend = null, pod = null }) {
      if (traceId === undefined || sequence === undefined) return;
      const { namespace, service } = routed;
      const caller = readCaller(request.headers);
      const durationMs = context.now() - startedMs;
      const hop = {
        sequence,
        timeUnixMs: startedMs,
        namespace,
        service,
        caller,
        backend,
        pod,
        status,
        durationMs,
      };
      context.hopLog.recordUntagged(traceId, hop);
    },
  };
}

function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
