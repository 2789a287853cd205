/** Reads and edits the W3C Baggage header (https://www.w3.org/TR/baggage/). */

/** Limits that every participant must at least carry on; the router reads no more than this. */
const MAX_BAGGAGE_LENGTH = 8_192;
const MAX_MEMBERS = 64;

/** One list member. `raw` is its text as it came, properties included, without the space around it. */
export interface BaggageMember {
  readonly key: string;
  /** Percent-decoded. */
  readonly value: string;
  readonly raw: string;
}

/** The members of a header value. What is not `key=value` is left out; text past the limits is not read. */
export function parseBaggage(header: string): BaggageMember[] {
  if (header.length > MAX_BAGGAGE_LENGTH) return [];
  return header.split(',', MAX_MEMBERS).flatMap((part) => {
    const raw = trimSpace(part);
    const [pair = ''] = raw.split(';', 1);
    const equals = pair.indexOf('=');
    if (equals < 1) return [];
    const key = trimSpace(pair.slice(0, equals));
    return key === '' ? [] : [{ key, value: percentDecode(trimSpace(pair.slice(equals + 1))), raw }];
  });
}

/** The value of the first member called `key` (keys are case-sensitive), or undefined when there is none or it is empty. */
export function baggageValue(members: readonly BaggageMember[], key: string): string | undefined {
  const value = members.find((member) => member.key === key)?.value;
  return value === '' ? undefined : value;
}

/**
 * `header` with the member `key=value` at its end and no other member of that key. Other members keep their text.
 * Undefined when the result would pass the limits of W3C Baggage: then nothing should be changed.
 */
export function withBaggageMember(header: string, key: string, value: string): string | undefined {
  const kept = header
    .split(',')
    .map(trimSpace)
    .filter((part) => part !== '' && !isMemberOf(part, key));
  const joined = [...kept, `${key}=${encodeURIComponent(value)}`].join(',');
  return joined.length > MAX_BAGGAGE_LENGTH || kept.length >= MAX_MEMBERS ? undefined : joined;
}

function isMemberOf(part: string, key: string): boolean {
  const equals = part.indexOf('=');
  return equals > 0 && trimSpace(part.slice(0, equals)) === key;
}

/** Optional white space of RFC 9110 is space and tab; `trim` would take more. */
function trimSpace(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}

function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
