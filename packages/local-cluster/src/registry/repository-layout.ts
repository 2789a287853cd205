/** Where the registry keeps what, below one directory. A leading `_` cannot be in a repository name, so nothing clashes. */

import { join } from 'node:path';
import type { Digest } from './digest.ts';
import { RegistryError } from './registry-error.ts';

export interface RepositoryLayout {
  readonly uploads: string;
  readonly repositories: string;
  upload(id: string): string;
  blob(digest: Digest): string;
  /** Exists when the repository holds the blob. */
  blobLink(repository: string, digest: Digest): string;
  /** Holds the media type of a manifest that the repository has. */
  manifestLink(repository: string, digest: Digest): string;
  tags(repository: string): string;
  /** Holds the digest that the tag stands for. */
  tag(repository: string, tag: string): string;
  referrers(repository: string, subject: Digest): string;
}

const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const MAX_NAME_LENGTH = 200;

/** The paths below `directory`; every user-given part is checked before it becomes a path. */
export function createRepositoryLayout(directory: string): RepositoryLayout {
  const repositories = join(directory, 'repositories');
  const uploads = join(directory, 'uploads');
  const inside = (repository: string, ...parts: string[]): string =>
    join(repositories, assertName(repository), ...parts);
  return {
    uploads,
    repositories,
    upload: (id) => join(uploads, assertUploadId(id)),
    blob: ({ algorithm, hex }) => join(directory, 'blobs', algorithm, hex.slice(0, 2), hex),
    blobLink: (repository, { algorithm, hex }) => inside(repository, '_blobs', algorithm, hex),
    manifestLink: (repository, { algorithm, hex }) => inside(repository, '_manifests', algorithm, hex),
    tags: (repository) => inside(repository, '_tags'),
    tag: (repository, tag) => inside(repository, '_tags', assertTag(tag)),
    referrers: (repository, { algorithm, hex }) => inside(repository, '_referrers', algorithm, hex),
  };
}

function assertName(name: string): string {
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name))
    throw new RegistryError('NAME_INVALID', 'not a repository name');
  return name;
}

function assertTag(tag: string): string {
  if (!TAG.test(tag)) throw new RegistryError('MANIFEST_INVALID', 'not a tag');
  return tag;
}

function assertUploadId(id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new RegistryError('BLOB_UPLOAD_UNKNOWN', 'no such upload');
  return id;
}
