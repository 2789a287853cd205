/** Cursors: how far a reader of something has come, by name. */

export interface CursorStore {
  get(name: string): Promise<string | undefined>;
  /**
   * Compare and set: moves the cursor only when it is at `from` (undefined: not set yet). Resolves to false when another
   * process moved it meanwhile.
   */
  advance(name: string, move: { readonly from: string | undefined; readonly to: string }): Promise<boolean>;
}
