import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommands } from './parse-commands.ts';

const commandsIn = (body: string) =>
  parseCommands(body).flatMap((line) => (line.kind === 'command' ? [line.command] : []));

describe('parseCommands', () => {
  it.each([
    ['/test', { kind: 'test' }],
    ['/TEST  ', { kind: 'test' }],
    ['/test web/stack-one', { kind: 'test', target: { team: 'web', stack: 'stack-one' } }],
    ['/retest', { kind: 'retest' }],
    ['/cancel', { kind: 'cancel' }],
    ['/ok-to-test ABCDEF1', { kind: 'ok-to-test', sha: 'abcdef1' }],
    ['/hold', { kind: 'hold' }],
    ['/hold cancel', { kind: 'unhold' }],
    ['/help', { kind: 'help' }],
  ])('reads %s', (line, command) => {
    expect(commandsIn(line)).toEqual([command]);
  });

  it('reads every line that is a command, in order, and each only once', () => {
    expect(commandsIn('Thanks!\r\n/hold cancel\r\n\r\n/test\n/test\nbye')).toEqual([
      { kind: 'unhold' },
      { kind: 'test' },
    ]);
  });

  it.each([
    ['a quote', '> /test\n  > /cancel'],
    ['a code block', '```sh\n/test\n```\n~~~~\n/cancel\n~~~\n/hold\n~~~~'],
    ['a code block that is never closed', '```\n/test'],
    ['indented code', '    /test\n\t/cancel'],
    ['hidden text', '<!--\n/test\n-->\n<!-- x --> <!-- y\n/cancel\n-->'],
    ['the middle of a line', 'please /test\n`/test`\n- /cancel\n /hold'],
    ['the words of other programs', '/lgtm\n/approve\n/assign @octocat\n/tests\n/constructor\n/__proto__'],
    ['paths', '/test/unit\n/help.md'],
  ])('passes over %s', (_, body) => {
    expect(parseCommands(body)).toEqual([]);
  });

  it('goes on after code and hidden text have ended', () => {
    expect(commandsIn('```\n/cancel\n```\n<!-- a\n--> \n/test')).toEqual([{ kind: 'test' }]);
  });

  it.each([
    ['/ok-to-test', 'at least 7 characters'],
    ['/ok-to-test abc123', 'at least 7 characters'],
    ['/ok-to-test main', 'at least 7 characters'],
    ['/test everything', '<team>/<stack>'],
    ['/test ../../x', '<team>/<stack>'],
    ['/hold on', '/hold cancel'],
    ['/retest please', 'alone on its line'],
  ])('explains what is wrong with %s, without saying it again', (line, hint) => {
    const [found, ...others] = parseCommands(line);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind: 'misspelt', text: line.split(' ')[0] });
    expect(found?.kind === 'misspelt' && found.hint).toContain(hint);
  });

  it('reads at most ten', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `/ok-to-test abcdef${index + 10}`);
    expect(parseCommands(lines.join('\n'))).toHaveLength(10);
  });

  it('survives any text', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        expect(parseCommands(`x ${text}`).length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('takes time in proportion to the length of a comment made to be slow', () => {
    const body = `/test ${' '.repeat(60_000)}x\n/test${'\t'.repeat(4_000)}`;
    expect(commandsIn(body)).toEqual([{ kind: 'test' }]);
  });
});
