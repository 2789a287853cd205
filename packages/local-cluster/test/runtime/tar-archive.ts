/** Writes tar archives entry by entry, also such as no honest program writes (POSIX ustar). */

export interface TarEntry {
  readonly path: string;
  readonly content?: string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` directory. */
  readonly type?: '0' | '1' | '2' | '3' | '5';
  readonly link?: string;
  readonly mode?: number;
}

const BLOCK = 512;

/** The bytes of an archive with these entries. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(renderEntry), Buffer.alloc(2 * BLOCK)]);
}

function renderEntry({ path, content = '', type = '0', link = '', mode = 0o644 }: TarEntry): Buffer {
  const header = Buffer.alloc(BLOCK);
  const body = Buffer.from(content);
  header.write(path, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(body.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)]);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
