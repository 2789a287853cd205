/** Writes one layer as a deterministic tar.gz: sorted, no times, no names of users (OCI image-spec, layer). */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Header, Pax } from 'tar';
import type { LayerEntry } from './select-files.ts';

export interface WrittenLayer {
  readonly path: string;
  /** Of the compressed bytes: what the manifest names. */
  readonly digest: string;
  readonly size: number;
  /** Of the uncompressed bytes: what the config names. */
  readonly diffId: string;
}

const BLOCK_BYTES = 512;
const TAR_TYPE = { file: 'File', directory: 'Directory', symlink: 'SymbolicLink' } as const;
const EPOCH = new Date(0);

const padding = (sizeBytes: number): Buffer =>
  Buffer.alloc((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);

const headerOf = (entry: LayerEntry): Buffer => {
  const data = {
    path: entry.kind === 'directory' ? `${entry.path}/` : entry.path,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.sizeBytes,
    mtime: EPOCH,
    type: TAR_TYPE[entry.kind],
    ...(entry.linkTarget === undefined ? {} : { linkpath: entry.linkTarget }),
  };
  const block = Buffer.alloc(BLOCK_BYTES);
  const header = new Header(data);
  if (!header.encode(block, 0)) return block;
  const { path, size, linkpath } = { linkpath: undefined, ...data };
  const pax = new Pax({ path, size, ...(linkpath === undefined ? {} : { linkpath }) });
  return Buffer.concat([pax.encode(), block]);
};

/** The size in the header must hold even when the file changes meanwhile. */
async function* readExactly(path: string, sizeBytes: number): AsyncGenerator<Buffer> {
  await using file = await open(path);
  let left = sizeBytes;
  while (left > 0) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(Math.min(left, 65_536)) });
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
    left -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* writeTar(contextDirectory: string, entries: readonly LayerEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield headerOf(entry);
    if (entry.source === undefined) continue;
    yield* readExactly(join(contextDirectory, entry.source), entry.sizeBytes);
    yield padding(entry.sizeBytes);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

/** Writes the entries to `path`; the same entries and contents give the same digest. */
export const writeLayer = async (
  contextDirectory: string,
  entries: readonly LayerEntry[],
  path: string,
): Promise<WrittenLayer> => {
  const diffHash = createHash('sha256');
  const hash = createHash('sha256');
  await pipeline(
    Readable.from(writeTar(contextDirectory, entries)),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        diffHash.update(chunk);
        yield chunk;
      }
    },
    createGzip({ level: 6 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  const { size } = await stat(path);
  return { path, size, digest: `sha256:${hash.digest('hex')}`, diffId: `sha256:${diffHash.digest('hex')}` };
};
