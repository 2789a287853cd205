import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJunitFailures } from './read-junit-failures.ts';

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <testcase name="hidden"><failure/></testcase> -->
<testsuites>
  <testsuite name="api &amp; more">
    <testcase name="passes" classname="a"/>
    <testcase name="is &lt;slow&gt;" file="test/slow.test.ts" line="12"><failure message="took 9 s">took 9 s
at slow.test.ts:12</failure></testcase>
    <testcase name='breaks'><error><![CDATA[boom <b> &amp; </failure>]]></error><system-out>noise</system-out></testcase>
    <testcase name="skipped"><skipped message="later"/></testcase>
  </testsuite>
</testsuites>`;

describe('readJunitFailures', () => {
  it('finds what failed, with its message once, its file and its line', () => {
    expect(readJunitFailures(REPORT, 10)).toEqual([
      {
        suite: 'api & more',
        name: 'is <slow>',
        message: 'took 9 s\nat slow.test.ts:12',
        file: 'test/slow.test.ts',
        line: 12,
      },
      { suite: 'api & more', name: 'breaks', message: 'boom <b> &amp; </failure>' },
    ]);
  });

  it('gives no more than was asked for', () => {
    expect(readJunitFailures(REPORT, 1)).toHaveLength(1);
  });

  it('keeps what was whole before a report breaks off', () => {
    expect(readJunitFailures(REPORT.slice(0, REPORT.indexOf("<testcase name='breaks")), 10)).toHaveLength(1);
    expect(readJunitFailures(REPORT.slice(0, REPORT.indexOf('boom')), 10)).toHaveLength(1);
  });

  it('expands no entity of the document, and takes no prototype for an attribute', () => {
    const xml = `<!DOCTYPE x><testsuite name="s"><testcase name="&lol;" __proto__="x"><failure message="&#65;&#x42;&#9999999;"/></testcase></testsuite>`;
    expect(readJunitFailures(xml, 10)).toEqual([{ suite: 's', name: '&lol;', message: 'AB&#9999999;' }]);
  });

  it('survives any text, and reports made to be slow', () => {
    assert(
      property(string(), (text) => {
        expect(readJunitFailures(`<testsuite>${text}`, 5).length).toBeLessThan(6);
      }),
    );
    const slow = `<testsuite><testcase ${'a="b" '.repeat(50_000)}><failure>${'<'.repeat(100_000)}`;
    expect(readJunitFailures(slow, 5)).toEqual([]);
  });
});
