/** renderTable: columns as kubectl prints them: capital headings, three spaces apart, no lines. */

import stringWidth from 'string-width';

/** Pads every column but the last; widths count what a terminal shows, not characters. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ''))));
  return all.map((row) => `${renderRow(row, widths)}\n`).join('');
}

function renderRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map(
    (cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell))),
  );
  return cells.join('   ').trimEnd();
}
