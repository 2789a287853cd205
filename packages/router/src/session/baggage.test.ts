import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baggageValue, parseBaggage, withBaggageMember } from './baggage.ts';

const valueOf = (header: string, key = 'dev-session') => baggageValue(parseBaggage(header), key);

describe('baggage', () => {
  it.each([
    ['dev-session=pr-4', 'pr-4'],
    ['a=b,dev-session=pr-4', 'pr-4'],
    [' a=b ,\tdev-session = pr-4 ; ttl=1;x', 'pr-4'],
    ['dev-session=pr%2D4', 'pr-4'],
    ['dev-session=a%20b=c', 'a b=c'],
    ['dev-session=50%', '50%'],
    ['dev-session=first,dev-session=second', 'first'],
    ['dev-session=', undefined],
    ['dev-session', undefined],
    ['=pr-4', undefined],
    ['Dev-Session=pr-4', undefined],
    ['my-dev-session=pr-4', undefined],
    ['a=b;dev-session=pr-4', undefined],
    ['', undefined],
    [',,;,=', undefined],
  ])('in %j says %j', (header, expected) => {
    expect(valueOf(header)).toBe(expected);
  });

  it('past 8192 bytes or 64 members is not read', () => {
    expect(valueOf(`a=${'x'.repeat(8_192)},dev-session=pr-4`)).toBeUndefined();
    expect(valueOf(`${'a=b,'.repeat(64)}dev-session=pr-4`)).toBeUndefined();
    expect(valueOf(`${'a=b,'.repeat(63)}dev-session=pr-4`)).toBe('pr-4');
  });

  it('gets a member without a change to the others', () => {
    expect(withBaggageMember('a=b;p=1, hop=old ,c = d', 'hop', 'new')).toBe('a=b;p=1,c = d,hop=new');
    expect(withBaggageMember('', 'hop', 'new')).toBe('hop=new');
  });

  it('is left alone when the member would pass the limits', () => {
    expect(withBaggageMember('x'.repeat(8_190), 'hop', 'new')).toBeUndefined();
    expect(
      withBaggageMember(Array.from({ length: 64 }, (_, at) => `k${at}=v`).join(','), 'hop', 'new'),
    ).toBeUndefined();
  });

  it('gives back the member that was added, whatever was there before', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.string({ minLength: 1, maxLength: 50 }),
        (before, value) => {
          fc.pre(before.split(',').length < 60);
          const header = withBaggageMember(
            before,
            'tekton-dag-hop',
            value.replaceAll(/[\ud800-\udfff]/g, '?'),
          );
          expect(valueOf(header ?? '', 'tekton-dag-hop')).toBe(value.replaceAll(/[\ud800-\udfff]/g, '?'));
        },
      ),
    );
  });
});
