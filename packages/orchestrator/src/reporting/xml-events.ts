/** xmlEvents: the tags and texts of an XML document, by sax. No document type is followed, so no entity is expanded but XML's own. */

import sax from 'sax';

export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** What came before the text is no XML any more. */
export function xmlEvents(xml: string): readonly XmlEvent[] {
  const events: XmlEvent[] = [];
  const parser = sax.parser(true);
  let isBroken = false;
  const add = (event: XmlEvent): void => {
    if (!isBroken) events.push(event);
  };
  /* oxlint-disable unicorn/prefer-add-event-listener -- sax has no other way */
  parser.onopentag = ({ name, attributes }) => add({ kind: 'open', name, attributes: textsOf(attributes) });
  parser.onclosetag = (name) => add({ kind: 'close', name });
  parser.ontext = (text) => add({ kind: 'text', text });
  parser.oncdata = (text) => add({ kind: 'text', text });
  parser.onerror = (error) => {
    // An entity that XML does not have stays as it is written.
    isBroken ||= !error.message.startsWith('Invalid character entity');
    parser.resume();
  };
  /* oxlint-enable unicorn/prefer-add-event-listener */
  parser.write(xml).close();
  return events;
}

function textsOf(attributes: sax.Tag['attributes'] | sax.QualifiedTag['attributes']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
