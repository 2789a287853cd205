/** takePage: a page out of rows of which one more was asked for than it holds. */

import { writeCursor, type PageCursor } from './page-cursor.ts';
import type { Page } from './page.ts';

/** `cursorOf` gives the place behind an item; a row too many says that there is a next page. */
export function takePage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  cursorOf: (item: Item) => PageCursor,
): Page<Item> {
  const items = rows.slice(0, limit).map((row) => toItem(row));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? undefined : writeCursor(cursorOf(last)) };
}
