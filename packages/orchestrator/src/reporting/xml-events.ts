/**
 * xmlEvents: the tags and texts of an XML document, in one pass over it (XML 1.0). No document type is read, so no
 * entity is ever expanded but the five that XML has and characters by number. Pure.
 */

export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const SKIPPED = [
  { start: '<!--', end: '-->' },
  { start: '<?', end: '?>' },
  { start: '<!DOCTYPE', end: '>' },
] as const;
const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** One step of a tag; sticky, so that no text is looked at twice. */
const NAME = /[A-Za-z_:][\w:.-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;

/** Ends where the text is no XML any more. */
export function* xmlEvents(xml: string): Generator<XmlEvent> {
  let at = 0;
  while (at < xml.length) {
    const tag = xml.indexOf('<', at);
    const text = xml.slice(at, tag === -1 ? xml.length : tag);
    if (text.trim() !== '') yield { kind: 'text', text: decode(text) };
    if (tag === -1) return;
    const read = readMarkup(xml, tag);
    if (read === undefined) return;
    yield* read.events;
    at = read.end;
  }
}

interface Markup {
  readonly events: readonly XmlEvent[];
  /** Where it goes on. */
  readonly end: number;
}

function readMarkup(xml: string, at: number): Markup | undefined {
  if (xml.startsWith(CDATA_START, at)) {
    const end = xml.indexOf(CDATA_END, at);
    if (end === -1) return undefined;
    return {
      events: [{ kind: 'text', text: xml.slice(at + CDATA_START.length, end) }],
      end: end + CDATA_END.length,
    };
  }
  const skipped = SKIPPED.find(({ start }) => xml.startsWith(start, at));
  if (skipped !== undefined) {
    const end = xml.indexOf(skipped.end, at + skipped.start.length);
    return end === -1 ? undefined : { events: [], end: end + skipped.end.length };
  }
  return xml.startsWith('</', at) ? readClosingTag(xml, at) : readOpeningTag(xml, at);
}

function readClosingTag(xml: string, at: number): Markup | undefined {
  const name = matchAt(NAME, xml, at + 2)?.[0];
  const end = xml.indexOf('>', at);
  if (name === undefined || end === -1) return undefined;
  return { events: [{ kind: 'close', name }], end: end + 1 };
}

function readOpeningTag(xml: string, start: number): Markup | undefined {
  const name = matchAt(NAME, xml, start + 1)?.[0];
  if (name === undefined) return undefined;
  let at = start + 1 + name.length;
  const attributes = new Map<string, string>();
  for (let found = matchAt(ATTRIBUTE, xml, at); found !== undefined; found = matchAt(ATTRIBUTE, xml, at)) {
    const [whole, key = '', double, single] = found;
    attributes.set(key, decode(double ?? single ?? ''));
    at += whole.length;
  }
  const closing = matchAt(TAG_END, xml, at);
  if (closing === undefined) return undefined;
  const open: XmlEvent = { kind: 'open', name, attributes: Object.fromEntries(attributes) };
  const empty = closing[1] === '/';
  return { events: empty ? [open, { kind: 'close', name }] : [open], end: at + closing[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function decode(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return ENTITIES[name] ?? whole;
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}
