/** describeDatabases: tests of a store, on each database that is there, each test with a database of its own. */

import { afterEach, beforeEach, describe } from 'vitest';
import { openStore, type Store } from '../src/index.ts';
import { databaseKinds, type TestDatabase } from './databases.ts';

export interface DatabaseUnderTest {
  readonly store: Store;
  readonly url: string;
  readonly dialect: 'sqlite' | 'postgres';
  /** One more store on the same database, as another process has it; closed after the test. */
  readonly openAnother: () => Promise<Store>;
}

/** `tests` declares them; call `current` inside a test. */
export function describeDatabases(subject: string, tests: (current: () => DatabaseUnderTest) => void): void {
  describe.each(databaseKinds)(`${subject} on $name`, ({ name, available, create }) => {
    describe.skipIf(!available)('with a server', () => {
      let database: TestDatabase;
      let under: DatabaseUnderTest | undefined;
      let stores: Store[] = [];

      beforeEach(async () => {
        database = await create();
        const { url } = database;
        const openAnother = async (): Promise<Store> => {
          const store = await openStore({ url });
          stores.push(store);
          return store;
        };
        const dialect = name.startsWith('postgres') ? 'postgres' : 'sqlite';
        under = { store: await openAnother(), url, dialect, openAnother };
      });
      afterEach(async () => {
        await Promise.all(stores.map((store) => store.close()));
        stores = [];
        await database.remove();
      });
      tests(() => {
        if (under === undefined) throw new Error('there is no store outside of a test');
        return under;
      });
    });
  });
}
