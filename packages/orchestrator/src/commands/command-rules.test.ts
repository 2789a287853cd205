import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../forge/forge-client.ts';
import { COMMAND_RULES, mayCommand } from './command-rules.ts';

const stranger = { isAuthor: false, fromFork: false } as const;

describe('mayCommand', () => {
  it('lets a person with the level that a command needs, or a higher one', () => {
    const allowed = PERMISSIONS.filter((permission) => mayCommand('hold', { ...stranger, permission }));
    expect(allowed).toEqual(['triage', 'write', 'maintain', 'admin']);
  });

  it('lets the author test a pull request of the same repository, but not one of a fork', () => {
    const author = { permission: 'read', isAuthor: true } as const;
    expect(mayCommand('test', { ...author, fromFork: false })).toBe(true);
    expect(mayCommand('test', { ...author, fromFork: true })).toBe(false);
    expect(mayCommand('cancel', { ...author, fromFork: true })).toBe(false);
  });

  it('never lets an author without the right to write allow the own fork', () => {
    for (const fromFork of [true, false])
      expect(mayCommand('ok-to-test', { permission: 'triage', isAuthor: true, fromFork })).toBe(false);
  });

  it('lets anyone ask for help', () => {
    expect(mayCommand('help', { ...stranger, permission: 'none' })).toBe(true);
  });
});

describe('docs/pull-requests.md', () => {
  const page = readFileSync(new URL('../../../../docs/pull-requests.md', import.meta.url), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `/'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('shows the rules as they are', () => {
    const shown = rows.map(([, usage, purpose, needs, author]) => ({ usage, purpose, needs, author }));
    expect(shown).toEqual(
      Object.values(COMMAND_RULES).map(({ usage, purpose, needs, authorMay }) => ({
        usage: `\`${usage}\``,
        purpose,
        needs: needs === 'none' ? 'anyone' : needs,
        author: authorMay ? 'yes' : 'no',
      })),
    );
  });
});
