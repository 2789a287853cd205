/** LiveScreen: draws lines over the ones drawn before. */

import type { Writable } from 'node:stream';
import stringWidth from 'string-width';
import { stripVTControlCharacters } from 'node:util';

export interface LiveScreen {
  draw(lines: readonly string[]): void;
}

/** Lines wider than the terminal are cut, since a wrapped line would break the count. */
export function createLiveScreen(output: Writable, columns: number): LiveScreen {
  let drawn = 0;
  return {
    draw(lines) {
      const up = drawn === 0 ? '' : `\u001B[${drawn}A`;
      const text = lines.map((line) => `${fit(line, columns)}\u001B[K\n`).join('');
      output.write(`${up}${text}\u001B[J`);
      drawn = lines.length;
    },
  };
}

function fit(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  return `${stripVTControlCharacters(line).slice(0, Math.max(1, columns - 1))}…`;
}
