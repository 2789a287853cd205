/** renderDiagnostics: problems as a person reads them, with the line and a squiggle under what is wrong. */

import type { Diagnostic } from '../diagnostic.ts';
import { printable } from './printable.ts';

export interface RenderOptions {
  /** ANSI colours; default false. */
  readonly color?: boolean;
}

/** One block per problem, a blank line between, a newline at the end. `sourceText` is the file they are about. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sourceText: string,
  { color = false }: RenderOptions = {},
): string {
  const lines = sourceText.split(/\r?\n/);
  const paint = color ? (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m` : plain;
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, lines[diagnostic.line - 1], paint));
  return blocks.map((block) => `${block}\n`).join('\n');
}

type Paint = (code: number, text: string) => string;

const RED = 31;
const CYAN = 36;
const DIM = 2;

function plain(_code: number, text: string): string {
  return text;
}

function renderOne(diagnostic: Diagnostic, line: string | undefined, paint: Paint): string {
  const { file, column, message, hint, code } = diagnostic;
  const head = `${printable(file)}:${diagnostic.line}:${column}`;
  const parts = [`${paint(CYAN, head)}: ${paint(RED, printable(message))} ${paint(DIM, `[${code}]`)}`];
  if (line !== undefined) {
    const gutter = `  ${diagnostic.line} | `;
    const blank = `${' '.repeat(gutter.length - 2)}| `;
    const length = Math.max(1, (diagnostic.endColumn ?? column + 1) - column);
    parts.push(paint(DIM, gutter) + printable(line));
    parts.push(paint(DIM, blank) + indentOf(line, column) + paint(RED, '~'.repeat(length)));
  }
  if (hint !== undefined) parts.push(`  ${paint(CYAN, 'hint:')} ${printable(hint)}`);
  return parts.join('\n');
}

/** As wide as what stands before the column, tabs kept. */
function indentOf(line: string, column: number): string {
  return line.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
}
