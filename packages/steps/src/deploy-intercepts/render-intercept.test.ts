import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baggageExpression } from './render-intercept.ts';

describe('baggageExpression', () => {
  const matches = (header: string, session = 'pr-4-abc'): boolean =>
    new RegExp(`^(?:${baggageExpression('dev-session', session)})$`, 'u').test(header);

  it.each([
    'dev-session=pr-4-abc',
    'a=1,dev-session=pr-4-abc',
    'a=1, dev-session = pr-4-abc ;p=1, b=2',
    'dev-session=pr-4-abc;x=y',
    'tekton-dag-hop=web,dev-session=pr-4-abc,z=1',
  ])('matches %s', (header) => expect(matches(header)).toBe(true));

  it.each([
    'dev-session=pr-4-abcd',
    'dev-session=pr-4-ab',
    'xdev-session=pr-4-abc',
    'x=dev-session=pr-4-abc',
    'dev-session=pr-42-abc',
    'other=1;dev-session=pr-4-abc',
    '',
  ])('does not match %s', (header) => expect(matches(header)).toBe(false));

  it('matches a session among any other members, and no other session', () => {
    const session = fc.stringMatching(/^pr-[1-9][0-9]{0,3}-[a-z2-7]{6}$/);
    const member = fc.stringMatching(/^[a-z]{1,8}=[a-z0-9]{0,8}$/);
    fc.assert(
      fc.property(
        session,
        session,
        fc.array(member, { maxLength: 4 }),
        fc.nat(4),
        (mine, other, members, at) => {
          const list = members.toSpliced(at, 0, `dev-session=${mine}`).join(',');
          expect(matches(list, mine)).toBe(true);
          expect(matches(list, other)).toBe(mine === other);
        },
      ),
    );
  });
});
