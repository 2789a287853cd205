import { describe, expect, it } from 'vitest';
import { mayAnywhere, mayEverywhere, mayIn, visibleTeams } from './caller.ts';
import { grantAccess } from './grant-access.ts';

const RULES = {
  adminUsers: ['root'],
  adminGroups: ['operators'],
  teams: [
    {
      name: 'shop',
      access: [
        { role: 'viewer', users: [], groups: ['everybody'] },
        { role: 'runner', users: ['jane'], groups: ['shop'] },
      ],
    },
    { name: 'bank', access: [{ role: 'admin', users: [], groups: ['bank'] }] },
    { name: 'lone', access: [] },
  ],
} as const;

const callerWith = (user: string, groups: readonly string[]) =>
  grantAccess({ source: 'oidc', user, groups }, RULES);

describe('grantAccess', () => {
  it('gives the strongest role that a team has for the user or one of its groups', () => {
    const jane = callerWith('jane', ['everybody', 'bank']);
    expect(jane).toEqual({
      name: 'oidc/jane',
      access: new Map([
        ['shop', 'runner'],
        ['bank', 'admin'],
      ]),
    });
    expect(mayIn(jane, 'shop', 'runner')).toBe(true);
    expect(mayIn(jane, 'shop', 'admin')).toBe(false);
    expect(visibleTeams(jane)).toEqual(['shop', 'bank']);
  });

  it('gives nothing to whom no team names', () => {
    const nobody = callerWith('x', []);
    expect(nobody.access.size).toBe(0);
    expect(visibleTeams(nobody)).toEqual([]);
    expect(mayAnywhere(nobody, 'viewer')).toBe(false);
  });

  it('does not take a user for a group of the same name', () => {
    expect(callerWith('bank', ['jane']).access.size).toBe(0);
  });

  it('makes admins of everything, also of teams that come later', () => {
    for (const admin of [callerWith('root', []), callerWith('x', ['operators'])]) {
      expect(mayIn(admin, 'a team to come', 'admin')).toBe(true);
      expect(mayEverywhere(admin, 'admin')).toBe(true);
      expect(visibleTeams(admin)).toBeUndefined();
    }
  });
});
