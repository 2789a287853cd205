import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editHeaders, endToEndHeaders, withHeader, withoutHeader } from './raw-headers.ts';

const NOTHING: ReadonlySet<string> = new Set();

describe('headers that go on', () => {
  it('are all but those of the connection, in order and case', () => {
    const raw = [
      'Host',
      'a',
      'Connection',
      'keep-alive, X-Drop',
      'x-drop',
      '1',
      'Keep-Alive',
      'timeout=5',
      'X-Keep',
      '2',
    ];
    expect(endToEndHeaders(raw, NOTHING)).toEqual(['Host', 'a', 'X-Keep', '2']);
  });

  it('include those that the kind of exchange needs', () => {
    const raw = ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'TE', 'trailers'];
    expect(endToEndHeaders(raw, new Set(['connection', 'upgrade']))).toEqual(raw.slice(0, 4));
  });

  it('include what the connection may not take away', () => {
    const raw = [
      'Connection',
      'close, Host, Content-Length, Authorization, baggage',
      'Host',
      'a',
      'Content-Length',
      '1',
    ];
    expect(endToEndHeaders([...raw, 'Authorization', 'b', 'baggage', 'c=d'], NOTHING)).toEqual([
      ...raw.slice(2),
      'Authorization',
      'b',
      'baggage',
      'c=d',
    ]);
  });

  it('come through unchanged when none belongs to the connection', () => {
    const name = fc.stringMatching(/^x-[A-Za-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
        expect(endToEndHeaders(pairs.flat(), NOTHING)).toEqual(pairs.flat());
      }),
    );
  });
});

describe('one header', () => {
  it('is set once, where the first one was and in its case', () => {
    expect(withHeader(['A', '1', 'B', '2', 'a', '3'], 'a', 'x')).toEqual(['A', 'x', 'B', '2']);
    expect(withHeader(['B', '2'], 'a', 'x')).toEqual(['B', '2', 'a', 'x']);
  });

  it('is removed wherever it is, and values that look like it stay', () => {
    expect(withoutHeader(['A', 'b', 'B', 'a', 'b', 'c'], 'b')).toEqual(['A', 'b']);
  });
});

describe('header modifiers', () => {
  it('set, then add, then remove', () => {
    const edits = {
      set: [{ name: 'x-a', value: 'new' }],
      add: [{ name: 'x-b', value: '2' }],
      remove: ['x-c'],
    };
    expect(editHeaders(['X-A', 'old', 'X-B', '1', 'X-C', '3'], [edits])).toEqual([
      'X-A',
      'new',
      'X-B',
      '1',
      'x-b',
      '2',
    ]);
  });
});
