/** Reads the totals of a JUnit XML report; pure. */
import sax from 'sax';

export interface JunitTotals {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  /** `suite: case` of the first ones that failed. */
  readonly failed: readonly string[];
}

const MAX_NAMES = 20;

interface Reading {
  tests: number;
  failures: number;
  skipped: number;
  failed: string[];
  suite: string;
  current: { name: string; failed: boolean; skipped: boolean } | undefined;
}

const attribute = (tag: sax.Tag | sax.QualifiedTag, name: string): string => {
  const value = tag.attributes[name];
  return typeof value === 'string' ? value : '';
};

const openTag = (reading: Reading, tag: sax.Tag | sax.QualifiedTag): void => {
  if (tag.name === 'testsuite') reading.suite = attribute(tag, 'name');
  if (tag.name === 'testcase')
    reading.current = { name: attribute(tag, 'name'), failed: false, skipped: false };
  if (reading.current === undefined) return;
  if (tag.name === 'failure' || tag.name === 'error') reading.current.failed = true;
  if (tag.name === 'skipped') reading.current.skipped = true;
};

const closeTag = (reading: Reading, name: string): void => {
  if (name !== 'testcase' || reading.current === undefined) return;
  reading.tests += 1;
  if (reading.current.skipped) reading.skipped += 1;
  if (reading.current.failed) {
    reading.failures += 1;
    if (reading.failed.length < MAX_NAMES) reading.failed.push(`${reading.suite}: ${reading.current.name}`);
  }
  reading.current = undefined;
};

/** Counts the cases themselves, since writers disagree on the totals in attributes. Undefined for text that is no report. */
export const readJunit = (xml: string): JunitTotals | undefined => {
  const reading: Reading = { tests: 0, failures: 0, skipped: 0, failed: [], suite: '', current: undefined };
  const parser = sax.parser(true);
  let root: string | undefined;
  let broken = false;
  parser.onopentag = (tag) => {
    root ??= tag.name;
    openTag(reading, tag);
  };
  parser.onclosetag = (name) => closeTag(reading, name);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- sax has no other way
  parser.onerror = () => {
    broken = true;
    parser.resume();
  };
  parser.write(xml).close();
  if (broken || (root !== 'testsuites' && root !== 'testsuite')) return undefined;
  const { tests, failures, skipped, failed } = reading;
  return { tests, failures, skipped, failed };
};
