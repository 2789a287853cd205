/**
 * codeSpan and codeBlock: hostile text as Markdown code, the one place where forges take nothing for a mention, a link,
 * an image, HTML or a reference (GitHub Flavored Markdown 6.3, 4.5). Pure.
 */

import { plainText } from './plain-text.ts';

/** One line, also inside a table: there a pipe would end the cell. */
export function codeSpan(text: string, maxCharacters = 200): string {
  const line = plainText(text, maxCharacters).replaceAll(/\s+/g, ' ');
  if (line === '') return '(empty)';
  const fence = '`'.repeat(longestRun(line) + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${line.replaceAll('|', '\\|')}${padding}${fence}`;
}

/** Several lines; a block of its own. */
export function codeBlock(text: string, maxCharacters: number): string {
  const shown = plainText(text, maxCharacters);
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
