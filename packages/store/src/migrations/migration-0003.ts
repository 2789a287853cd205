/** Migration 3: what a run was made of: commits of platform and catalog, as JSON text. */

import type { Migration } from './migration.ts';

export const migration0003: Migration = {
  number: 3,
  name: 'provenance',
  statements: ["alter table runs add column provenance text not null default ''"],
};
