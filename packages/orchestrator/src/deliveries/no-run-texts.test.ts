import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NO_RUN_REASONS } from './decision.ts';

it('every reason is in the table of docs/deliveries.md, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/deliveries.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split('| reason ');
  const documented = [...table.matchAll(/^\| `([a-z-]+)` /gm)].map(([, reason = '']) => reason);
  expect(documented.slice(0, NO_RUN_REASONS.length).toSorted()).toEqual([...NO_RUN_REASONS].toSorted());
});
