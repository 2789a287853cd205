/** readLines: a byte stream as lines, however its chunks are cut, even inside a character. */

/** Yields lines without their ends; a last line without an end is yielded too. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield trimReturn(parts.join('') + piece);
      parts.length = 0;
    }
    // Parts are joined once per line, so a line of many chunks costs linear time.
    if (last !== '') parts.push(last);
  }
  const rest = parts.join('') + decoder.decode();
  if (rest !== '') yield rest;
}

function trimReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
