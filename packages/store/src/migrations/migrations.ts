/** All migrations, in order. A new one is appended; none is ever edited or removed. */

import type { Migration } from './migration.ts';
import { migration0001 } from './migration-0001.ts';
import { migration0002 } from './migration-0002.ts';
import { migration0003 } from './migration-0003.ts';

export const migrations: readonly Migration[] = [migration0001, migration0002, migration0003];
