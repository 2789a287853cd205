import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from './secret.ts';

it('prints nowhere', () => {
  const secret = new Secret('hunter2');
  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }, { showHidden: true }),
  ];
  for (const text of printed) expect(text).not.toContain('hunter2');
});

it('equals its value and nothing else', () => {
  const secret = new Secret('hunter2');
  expect(secret.equals('hunter2')).toBe(true);
  for (const other of ['', 'hunter', 'hunter22', 'HUNTER2']) expect(secret.equals(other)).toBe(false);
});
