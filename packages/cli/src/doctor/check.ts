/** Check: one thing that doctor looked at, and how it is told. */

import type { Style } from '../render/style.ts';

export interface Check {
  readonly name: string;
  /** `optional`: not there, but only some stacks need it. */
  readonly state: 'ok' | 'optional' | 'missing';
  readonly detail: string;
  readonly hint?: string | undefined;
}

/** One line, and below it what to do when something is missing. */
export function renderCheck({ name, state, detail, hint }: Check, style: Style): string {
  const signs = { ok: style.green('✓'), optional: style.yellow('!'), missing: style.red('✗') };
  const advice = hint === undefined || state === 'ok' ? '' : `\n    ${style.dim(hint)}`;
  return `${signs[state]} ${name}: ${detail}${advice}\n`;
}
