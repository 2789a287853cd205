import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.ts';
import { gather } from './testing/gather.ts';

async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const place of [...places, bytes.length]) {
    const to = Math.max(from, Math.min(place, bytes.length));
    yield bytes.subarray(from, to);
    from = to;
  }
}

describe('readLines', () => {
  it(
    'gives the same lines wherever the bytes are cut, even inside a character',
    { timeout: 60_000 },
    async () => {
      const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''));
      const places = fc.array(fc.nat(400)).map((list) => list.toSorted((a, b) => a - b));
      await fc.assert(
        fc.asyncProperty(fc.array(line, { minLength: 1 }), places, async (lines, cuts) => {
          const bytes = Buffer.from(`${lines.join('\n')}\n`);
          expect(await gather(readLines(cut(bytes, cuts)))).toEqual(
            lines.map((text) => Buffer.from(text).toString()),
          );
        }),
      );
    },
  );

  it('yields a last line that has no end', async () => {
    expect(await gather(readLines(cut(Buffer.from('a\nb'), [])))).toEqual(['a', 'b']);
  });

  it('leaves out the rest of a line that is too long, and goes on with the next', async () => {
    const bytes = Buffer.from(`${'x'.repeat(5_000)}\nb\n${'y'.repeat(5_000)}`);
    const lines = await gather(
      readLines(
        cut(
          bytes,
          Array.from({ length: 100 }, (_, index) => index * 100),
        ),
        300,
      ),
    );
    expect(lines).toEqual(['x'.repeat(300), 'b', 'y'.repeat(300)]);
  });
});
