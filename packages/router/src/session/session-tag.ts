/** Finds out whether a request belongs to a session, and how it says so. */
import type { IncomingHttpHeaders } from 'node:http';
import { baggageValue, parseBaggage, type BaggageMember } from './baggage.ts';

/** The baggage member by which a router tells the next one which Service the request went through. */
export const HOP_MEMBER = 'tekton-dag-hop';

/** How long a session or Service name may be before it is cut in records. */
const MAX_RECORDED_LENGTH = 256;

/** Where a Service carries sessions. */
export interface SessionCarrier {
  /** In lower case. */
  readonly sessionHeader: string;
  readonly baggageKey: string;
}

export interface SessionTag {
  readonly session: string;
  /** The request carries the session in the header. */
  readonly header: boolean;
  /** The request carries the same session in its baggage. */
  readonly baggage: boolean;
  /** The Service that the request went through before this one; null when nobody says. */
  readonly caller: string | null;
}

/** The tag of a request, or undefined for a request of no session. Where header and baggage differ the header counts. */
export function readSessionTag(
  headers: IncomingHttpHeaders,
  carrier: SessionCarrier,
): SessionTag | undefined {
  const inHeader = nonEmpty(headers[carrier.sessionHeader]);
  const baggage = nonEmpty(headers['baggage']);
  if (inHeader === undefined && baggage === undefined) return undefined;
  const members = baggage === undefined ? [] : parseBaggage(baggage);
  const inBaggage = baggageValue(members, carrier.baggageKey);
  const session = inHeader ?? inBaggage;
  if (session === undefined) return undefined;
  return {
    session: session.slice(0, MAX_RECORDED_LENGTH),
    header: inHeader !== undefined,
    baggage: inBaggage === session,
    caller: callerIn(members),
  };
}

/** The Service that a request went through before, as its baggage says, session or not; null when it does not say. */
export function readCaller(headers: IncomingHttpHeaders): string | null {
  return callerIn(parseBaggage(nonEmpty(headers['baggage']) ?? ''));
}

function callerIn(members: readonly BaggageMember[]): string | null {
  return baggageValue(members, HOP_MEMBER)?.slice(0, MAX_RECORDED_LENGTH) ?? null;
}

function nonEmpty(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
