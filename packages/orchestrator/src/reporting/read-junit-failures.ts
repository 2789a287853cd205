/** readJunitFailures: the failing cases of a JUnit XML report, with what they say. Pure; the report is hostile. */

import { xmlEvents, type XmlEvent } from './xml-events.ts';

export interface TestFailure {
  readonly suite: string;
  readonly name: string;
  readonly message: string;
  /** As the report has it; absent where it has none. */
  readonly file?: string;
  readonly line?: number;
}

interface OpenCase {
  readonly attributes: Readonly<Record<string, string>>;
  failed: boolean;
  message: string;
}

const FAILURE_TAGS = new Set(['failure', 'error']);
const MAX_MESSAGE_CHARACTERS = 2_000;

/** The first `limit`; what is no XML ends the reading where it stops being any. */
export function readJunitFailures(xml: string, limit: number): readonly TestFailure[] {
  const failures: TestFailure[] = [];
  const reading: Reading = { suite: '', current: undefined, inFailure: false };
  for (const event of xmlEvents(xml)) {
    if (failures.length >= limit) break;
    const ended = takeEvent(reading, event);
    if (ended?.failed === true) failures.push(describe(reading.suite, ended));
  }
  return failures;
}

interface Reading {
  suite: string;
  current: OpenCase | undefined;
  inFailure: boolean;
}

/** Gives the case that the event ends. */
function takeEvent(reading: Reading, event: XmlEvent): OpenCase | undefined {
  if (event.kind === 'open' && event.name === 'testsuite') reading.suite = event.attributes['name'] ?? '';
  if (event.kind === 'open' && event.name === 'testcase') {
    reading.current = { attributes: event.attributes, failed: false, message: '' };
    reading.inFailure = false;
  }
  const { current } = reading;
  if (current === undefined) return undefined;
  reading.inFailure = takeFailure(current, event, reading.inFailure);
  if (event.kind !== 'close' || event.name !== 'testcase') return undefined;
  reading.current = undefined;
  return current;
}

/** Tells whether what comes next stands inside a failure. */
function takeFailure(current: OpenCase, event: XmlEvent, inFailure: boolean): boolean {
  if (event.kind === 'text') {
    if (inFailure) addMessage(current, event.text);
    return inFailure;
  }
  if (!FAILURE_TAGS.has(event.name)) return inFailure;
  if (event.kind === 'close') return false;
  current.failed = true;
  addMessage(current, event.attributes['message'] ?? '');
  return true;
}

/** Writers repeat the message at the head of the text; it is kept once. */
function addMessage(current: OpenCase, text: string): void {
  const more = text.trim();
  const known = current.message;
  if (more === '' || known.length >= MAX_MESSAGE_CHARACTERS) return;
  current.message = (more.startsWith(known) ? more : `${known}\n${more}`).slice(0, MAX_MESSAGE_CHARACTERS);
}

function describe(suite: string, { attributes, message }: OpenCase): TestFailure {
  const { name = '', file, line, classname = '' } = attributes;
  const number = /^[1-9]\d{0,6}$/.test(line ?? '') ? Number(line) : undefined;
  return {
    suite: suite === '' ? classname : suite,
    name,
    message,
    ...(file === undefined ? {} : { file }),
    ...(number === undefined ? {} : { line: number }),
  };
}
