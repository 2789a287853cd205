/** A store that exists for one test. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../open-store.ts';
import type { Store } from '../store.ts';

export interface TemporaryStore extends AsyncDisposable {
  readonly store: Store;
  readonly url: string;
}

/** Opens a store on a fresh SQLite file; disposing closes it and removes the file. */
export async function openTemporaryStore(): Promise<TemporaryStore> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-store-'));
  const url = `sqlite:${join(directory, 'store.sqlite')}`;
  const store = await openStore({ url });
  return {
    store,
    url,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}
