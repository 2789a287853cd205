/** Where the router gets the objects that make its route table. */
import type { RouteInputs } from './table/build-route-table.ts';

export interface RouteSource extends AsyncDisposable {
  /** Begins to follow the objects. `onChange` is called after every change; it may be called often. */
  start(onChange: () => void): void;
  /** Resolves when the first complete picture is there. */
  readonly synced: Promise<void>;
  /** The objects of this moment. Objects that did not change are the same ones as before. */
  inputs(): RouteInputs;
}
