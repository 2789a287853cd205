/** Carries the session of a request on to the requests that it causes. */

/** W3C Trace Context and Baggage, besides the session header itself. */
const CONTEXT_HEADERS = ['baggage', 'traceparent', 'tracestate'];

/** The headers of an incoming request that every request made on its behalf must carry too. */
export function propagatedHeaders(incoming, { sessionHeader }) {
  const names = [sessionHeader.toLowerCase(), ...CONTEXT_HEADERS];
  return Object.fromEntries(names.filter((name) => incoming[name]).map((name) => [name, incoming[name]]));
}

/** The session that a request belongs to: from the session header, else from its baggage; null for none. */
export function sessionOf(incoming, { sessionHeader, baggageKey }) {
  const inHeader = incoming[sessionHeader.toLowerCase()];
  if (inHeader) return inHeader;
  for (const member of (incoming.baggage ?? '').split(',')) {
    const [pair = ''] = member.split(';');
    const [key = '', value = ''] = pair.split('=').map((part) => part.trim());
    if (key === baggageKey && value !== '') return value;
  }
  return null;
}
