/** The demo's table at the end: step, result, evidence, seconds. */

import { styleText } from 'node:util';

export interface EvidenceRow {
  readonly step: string;
  readonly ok: boolean;
  readonly evidence: string;
  readonly seconds: number;
}

const EVIDENCE_WIDTH = 84;

/** Breaks at spaces so that no line of the evidence column is wider than the column. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function renderRow(row: EvidenceRow, stepWidth: number): string {
  const [first = '', ...rest] = wrap(row.evidence, EVIDENCE_WIDTH);
  const result = row.ok ? styleText('green', 'ok    ') : styleText('red', 'FAILED');
  const head = `${row.step.padEnd(stepWidth)}  ${result}  ${first.padEnd(EVIDENCE_WIDTH)}  ${row.seconds.toFixed(1).padStart(6)}`;
  const indent = ' '.repeat(stepWidth + 10);
  return [head, ...rest.map((line) => `${indent}${line}`)].join('\n');
}

/** Renders the rows with a header and the total of seconds; colours follow NO_COLOR and the terminal. */
export function renderEvidenceTable(rows: readonly EvidenceRow[]): string {
  const stepWidth = Math.max(4, ...rows.map((row) => row.step.length));
  const header = `${'STEP'.padEnd(stepWidth)}  RESULT  ${'EVIDENCE'.padEnd(EVIDENCE_WIDTH)}  SECONDS`;
  const total = rows.reduce((sum, row) => sum + row.seconds, 0);
  const footer = `${'total'.padEnd(stepWidth + 10 + EVIDENCE_WIDTH)}  ${total.toFixed(1).padStart(6)}`;
  return [styleText('bold', header), ...rows.map((row) => renderRow(row, stepWidth)), footer].join('\n');
}
