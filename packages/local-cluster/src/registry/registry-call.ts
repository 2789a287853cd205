/** One request of the registry's API, taken apart. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlobStore } from './blob-store.ts';
import type { ManifestStore } from './manifest-store.ts';

export interface RegistryExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly blobs: BlobStore;
  readonly manifests: ManifestStore;
}

/** A request taken apart. */
export interface RegistryCall extends RegistryExchange {
  readonly repository: string;
  /** Tag, digest or upload id, the last part of the path. */
  readonly reference: string;
  readonly query: URLSearchParams;
}
