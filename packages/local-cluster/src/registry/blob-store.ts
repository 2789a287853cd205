/** Blobs and uploads of the registry: files named by their content, complete before they appear. */

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertFileDigest, type Digest } from './digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RepositoryLayout } from './repository-layout.ts';

export interface BlobStore {
  /** Opens an upload and gives its id. */
  beginUpload(): Promise<string>;
  /** Bytes received so far; throws BLOB_UPLOAD_UNKNOWN. */
  uploadSize(id: string): Promise<number>;
  /** Adds to the end; `startAt` must be the bytes received so far when given. Gives the new size. */
  appendUpload(id: string, content: Readable, startAt?: number): Promise<number>;
  /** Verifies the upload and makes it a blob of the repository. */
  finishUpload(id: string, repository: string, digest: Digest): Promise<void>;
  cancelUpload(id: string): Promise<void>;
  /** Stores content that has been verified already. */
  put(repository: string, digest: Digest, content: Buffer): Promise<void>;
  /** Path and size of a blob that the repository holds; undefined when it does not. */
  find(
    repository: string,
    digest: Digest,
  ): Promise<{ readonly path: string; readonly size: number } | undefined>;
  /** Makes a blob of one repository one of another as well; false when the source does not have it. */
  mount(from: string, to: string, digest: Digest): Promise<boolean>;
  /** Takes the blob out of the repository; false when it was not there. */
  remove(repository: string, digest: Digest): Promise<boolean>;
}

/** Blobs are shared by all repositories; a repository sees only those linked to it. */
export function createBlobStore(layout: RepositoryLayout): BlobStore {
  return new FileBlobStore(layout);
}

class FileBlobStore implements BlobStore {
  readonly #layout: RepositoryLayout;
  readonly #busy = new Set<string>();

  constructor(layout: RepositoryLayout) {
    this.#layout = layout;
  }

  async beginUpload(): Promise<string> {
    const id = randomUUID();
    await mkdir(this.#layout.uploads, { recursive: true });
    await writeFile(this.#layout.upload(id), '');
    return id;
  }

  async uploadSize(id: string): Promise<number> {
    const size = await sizeOf(this.#layout.upload(id));
    if (size === undefined) throw new RegistryError('BLOB_UPLOAD_UNKNOWN', 'no such upload');
    return size;
  }

  async appendUpload(id: string, content: Readable, startAt?: number): Promise<number> {
    if (this.#busy.has(id)) throw new RegistryError('RANGE_INVALID', 'another request writes this upload');
    this.#busy.add(id);
    try {
      const size = await this.uploadSize(id);
      if (startAt !== undefined && startAt !== size) {
        throw new RegistryError('RANGE_INVALID', `the upload has ${size} bytes; chunks must come in order`);
      }
      await pipeline(content, createWriteStream(this.#layout.upload(id), { flags: 'a' }));
      return await this.uploadSize(id);
    } finally {
      this.#busy.delete(id);
    }
  }

  async finishUpload(id: string, repository: string, digest: Digest): Promise<void> {
    await this.uploadSize(id);
    const file = this.#layout.upload(id);
    try {
      await assertFileDigest(file, digest);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    await this.#adopt(file, repository, digest);
  }

  async cancelUpload(id: string): Promise<void> {
    await this.uploadSize(id);
    await rm(this.#layout.upload(id), { force: true });
  }

  async put(repository: string, digest: Digest, content: Buffer): Promise<void> {
    const id = await this.beginUpload();
    await writeFile(this.#layout.upload(id), content);
    await this.#adopt(this.#layout.upload(id), repository, digest);
  }

  async find(repository: string, digest: Digest): Promise<{ path: string; size: number } | undefined> {
    if ((await sizeOf(this.#layout.blobLink(repository, digest))) === undefined) return undefined;
    const path = this.#layout.blob(digest);
    const size = await sizeOf(path);
    return size === undefined ? undefined : { path, size };
  }

  async mount(from: string, to: string, digest: Digest): Promise<boolean> {
    if ((await this.find(from, digest)) === undefined) return false;
    await writeLink(this.#layout.blobLink(to, digest), '');
    return true;
  }

  async remove(repository: string, digest: Digest): Promise<boolean> {
    return await removeFile(this.#layout.blobLink(repository, digest));
  }

  async #adopt(file: string, repository: string, digest: Digest): Promise<void> {
    const path = this.#layout.blob(digest);
    await syncFile(file);
    await mkdir(dirname(path), { recursive: true });
    await rename(file, path);
    await writeLink(this.#layout.blobLink(repository, digest), '');
  }
}

/** Writes a small file so that readers see all of it or none. */
export async function writeLink(path: string, content: string): Promise<void> {
  const part = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(part, content, { flush: true });
  await rename(part, path);
}

/** True when the file was there and is gone now. */
export async function removeFile(path: string): Promise<boolean> {
  return await rm(path).then(
    () => true,
    () => false,
  );
}

async function sizeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(
    (found) => found.size,
    () => undefined,
  );
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
