import { describe, expect, it } from 'vitest';
import { readSessionTag } from './session-tag.ts';

const carrier = { sessionHeader: 'x-dev-session', baggageKey: 'dev-session' };

describe('a session tag', () => {
  it('says how the request carries the session', () => {
    const tag = (headers: Record<string, string>) => readSessionTag(headers, carrier);
    const base = { session: 'pr-4', caller: null };
    expect(tag({ 'x-dev-session': 'pr-4' })).toEqual({ ...base, header: true, baggage: false });
    expect(tag({ baggage: 'dev-session=pr-4' })).toEqual({ ...base, header: false, baggage: true });
    expect(tag({ 'x-dev-session': 'pr-4', baggage: 'dev-session=pr-4' })).toEqual({
      ...base,
      header: true,
      baggage: true,
    });
    expect(tag({ 'x-dev-session': 'pr-4', baggage: 'dev-session=pr-42' })).toEqual({
      ...base,
      header: true,
      baggage: false,
    });
  });

  it('names the caller that the baggage names', () => {
    const headers = { 'x-dev-session': 'pr-4', baggage: 'tekton-dag-hop=demo-fe;x=1' };
    expect(readSessionTag(headers, carrier)?.caller).toBe('demo-fe');
  });

  it('is not there without a session', () => {
    for (const headers of [
      {},
      { 'x-dev-session': '' },
      { baggage: 'tekton-dag-hop=demo-fe' },
      { baggage: 'dev-session=' },
    ]) {
      expect(readSessionTag(headers, carrier)).toBeUndefined();
    }
  });

  it('keeps no more than 256 characters of a session', () => {
    expect(readSessionTag({ 'x-dev-session': 'x'.repeat(9_000) }, carrier)?.session).toHaveLength(256);
  });
});
