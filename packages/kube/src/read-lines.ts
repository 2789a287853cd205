/** readLines: a byte stream as lines, however its chunks are cut, even inside a character. */

/**
 * Yields lines without their ends; a last line without an end is yielded too. Of a longer line than `maxLength` characters
 * the rest is left out, and never held.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLength = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield trimReturn(parts.join('') + piece).slice(0, maxLength);
      parts.length = 0;
      length = 0;
    }
    // Parts are joined once per line, so a line of many chunks costs linear time.
    if (last !== '' && length < maxLength) parts.push(last);
    length += last.length;
  }
  const rest = parts.join('') + decoder.decode();
  if (rest !== '') yield rest.slice(0, maxLength);
}

function trimReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
