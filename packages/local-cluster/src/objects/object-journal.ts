/** The file behind the object store: one SQLite row per object, written before a change is acknowledged. */

import { DatabaseSync } from 'node:sqlite';
import type { KubeObject, ObjectKey, ResourceKey } from '../contracts/kube-object.ts';

export interface StoredObject {
  readonly key: ObjectKey;
  readonly object: KubeObject;
}

export interface StoredVersion {
  readonly resource: ResourceKey;
  /** The resourceVersion of the last change of any object of this resource, deletions included. */
  readonly version: number;
}

export interface ObjectJournal {
  load(): { readonly objects: readonly StoredObject[]; readonly versions: readonly StoredVersion[] };
  /** Writes or, with `object` undefined, removes one object and moves its resource's version, in one transaction. */
  commit(key: ObjectKey, object: KubeObject | undefined, version: number): void;
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS objects (
    api_group TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (api_group, resource, namespace, name)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS versions (
    api_group TEXT NOT NULL, resource TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (api_group, resource)
  ) WITHOUT ROWID;
`;

/**
 * Opens with the lock held, so that a second cluster on the same state directory fails at once. WAL with NORMAL
 * survives the death of the process at any moment; only the loss of power may cost the last writes.
 */
const openDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(SCHEMA);
  return database;
};

const loadObjects = (database: DatabaseSync): StoredObject[] =>
  database
    .prepare('SELECT api_group, resource, namespace, name, body FROM objects')
    .all()
    .map((row) => {
      const object: KubeObject = JSON.parse(String(row.body));
      const key = {
        group: String(row.api_group),
        resource: String(row.resource),
        namespace: String(row.namespace),
        name: String(row.name),
      };
      return { key, object };
    });

const loadVersions = (database: DatabaseSync): StoredVersion[] =>
  database
    .prepare('SELECT api_group, resource, version FROM versions')
    .all()
    .map((row) => ({
      resource: { group: String(row.api_group), resource: String(row.resource) },
      version: Number(row.version),
    }));

/** Opens or makes the file. Throws SQLite's error when the file cannot be written or another process holds it. */
export const openObjectJournal = (file: string): ObjectJournal => {
  const database = openDatabase(file);
  const write = database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)');
  const remove = database.prepare(
    'DELETE FROM objects WHERE api_group = ? AND resource = ? AND namespace = ? AND name = ?',
  );
  const moveVersion = database.prepare('INSERT OR REPLACE INTO versions VALUES (?, ?, ?)');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const end = database.prepare('COMMIT');
  return {
    load: () => ({ objects: loadObjects(database), versions: loadVersions(database) }),
    commit: (key, object, version) => {
      begin.run();
      try {
        if (object === undefined) remove.run(key.group, key.resource, key.namespace, key.name);
        else write.run(key.group, key.resource, key.namespace, key.name, JSON.stringify(object));
        moveVersion.run(key.group, key.resource, version);
        end.run();
      } catch (fault) {
        database.exec('ROLLBACK');
        throw fault;
      }
    },
    close: () => database.close(),
  };
};
