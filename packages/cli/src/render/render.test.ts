import { Writable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDuration, spanOf } from './duration.ts';
import { createLiveScreen } from './live-screen.ts';
import { createStyle, wantsColor } from './style.ts';
import { renderTable } from './table.ts';

describe('renderDuration', () => {
  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1_000, '1.0s'],
    [59_999, '59.9s'],
    [60_000, '1m'],
    [252_000, '4m12s'],
    [7_500_000, '2h5m'],
    [3 * 86_400_000 + 5, '3d'],
    [-5, '0ms'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(renderDuration(ms)).toBe(text);
  });

  it('counts an open span to now, and knows no span before the start', () => {
    expect(spanOf('2026-01-01T00:00:00Z', undefined, Date.parse('2026-01-01T00:00:02Z'))).toBe(2_000);
    expect(spanOf(undefined, undefined, 0)).toBeUndefined();
  });
});

describe('renderTable', () => {
  it('aligns by what a terminal shows', () => {
    expect(
      renderTable(
        ['NAME', 'X'],
        [
          ['日本', '1'],
          ['a', '2'],
        ],
      ),
    ).toBe('NAME   X\n日本   1\na      2\n');
  });

  it('has no blanks at the end of a line', () => {
    const rows = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{0,9}$/), fc.stringMatching(/^[a-z]{0,9}$/)));
    fc.assert(
      fc.property(rows, (cells) => {
        for (const line of renderTable(['A', 'B'], cells).split('\n')) expect(line).toBe(line.trimEnd());
      }),
    );
  });
});

describe('colour', () => {
  it.each([
    [{}, true, undefined, true],
    [{}, false, undefined, false],
    [{ NO_COLOR: '1' }, true, undefined, false],
    [{ NO_COLOR: '' }, true, undefined, true],
    [{ FORCE_COLOR: '1' }, false, undefined, true],
    [{ FORCE_COLOR: '0' }, true, undefined, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, undefined, false],
    [{ TERM: 'dumb' }, true, undefined, false],
    [{ FORCE_COLOR: '1' }, true, false, false],
  ])('with %o, terminal %s and option %s is %s', (env, isTerminal, option, wanted) => {
    expect(wantsColor(env, isTerminal, option)).toBe(wanted);
  });

  it('leaves texts alone when it is off', () => {
    expect(createStyle(false).red('a')).toBe('a');
    expect(createStyle(true).red('a')).toBe('\u001B[31ma\u001B[39m');
  });
});

describe('a live screen', () => {
  function createScreen(rows: number) {
    const written: string[] = [];
    const output = new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        written.push(chunk);
        done();
      },
    });
    return { screen: createLiveScreen(output, { columns: 10, rows }), written };
  }

  it('draws over what it drew before, and cuts lines that would wrap', () => {
    const { screen, written } = createScreen(40);
    screen.draw(['one', '\u001B[31mtwo is too long\u001B[39m']);
    screen.draw(['three']);
    expect(written).toEqual([
      'one\u001B[K\ntwo is to…\u001B[K\n\u001B[J',
      '\u001B[2Athree\u001B[K\n\u001B[J',
    ]);
  });

  it('is quiet while nothing changes', () => {
    const { screen, written } = createScreen(40);
    screen.draw(['same']);
    screen.draw(['same']);
    expect(written.length).toBe(1);
  });

  it('never draws more rows than the terminal has', () => {
    const { screen, written } = createScreen(4);
    screen.draw(['1', '2', '3', '4', '5']);
    expect(written[0]).toBe('1\u001B[K\n2\u001B[K\n… 3 more\u001B[K\n\u001B[J');
  });
});
