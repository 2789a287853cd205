/** LiveScreen: draws lines over the ones drawn before. */

import type { Writable } from 'node:stream';
import stringWidth from 'string-width';
import { stripVTControlCharacters } from 'node:util';

export interface LiveScreen {
  draw(lines: readonly string[]): void;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines wider than the terminal are cut and those below its last row left out: both would break the way back up. */
export function createLiveScreen(output: Writable, { columns, rows }: ScreenSize): LiveScreen {
  let drawn: readonly string[] = [];
  return {
    draw(lines) {
      const shown = fitRows(lines, rows).map((line) => fitColumns(line, columns));
      if (shown.length === drawn.length && shown.every((line, index) => line === drawn[index])) return;
      const up = drawn.length === 0 ? '' : `\u001B[${drawn.length}A`;
      output.write(`${up}${shown.map((line) => `${line}\u001B[K\n`).join('')}\u001B[J`);
      drawn = shown;
    },
  };
}

function fitRows(lines: readonly string[], rows: number): readonly string[] {
  const room = Math.max(2, rows - 1);
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more`];
}

function fitColumns(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  return `${stripVTControlCharacters(line).slice(0, Math.max(1, columns - 1))}…`;
}
