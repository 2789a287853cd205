import { describe, expect, it } from 'vitest';
import { readJunit } from './read-junit.ts';

describe('readJunit', () => {
  it('counts cases, failures, errors and skips', () =>
    expect(
      readJunit(`<?xml version="1.0"?><testsuites tests="99"><testsuite name="s">
        <testcase name="a"/><testcase name="b &lt;1&gt;"><failure message="no"/></testcase>
        <testcase name="c"><error/></testcase><testcase name="d"><skipped/></testcase></testsuite></testsuites>`),
    ).toEqual({ tests: 4, failures: 2, skipped: 1, failed: ['s: b <1>', 's: c'] }));
  it.each(['', 'text', '<html/>', '<testsuite>'])('is undefined for %j', (xml) =>
    expect(readJunit(xml)).toBeUndefined(),
  );
});
