/** The test plan's graph: which test touches which service, and which service calls which. Times are epoch milliseconds. */

/** Graphs of different scopes never meet. */
export interface TestPlanScope {
  readonly team: string;
  readonly stack: string;
}

export interface TestPlanTest {
  readonly id: string;
  /** E.g. `e2e`; a test that is seen again with another type has the newer one. */
  readonly type: string;
}

export interface TestPlanTouch {
  readonly test: string;
  readonly service: string;
}

export interface TestPlanCall {
  readonly caller: string;
  readonly callee: string;
}

/** What some traces show. Every service named in a touch or a call is a service of the graph. */
export interface TestPlanTraces {
  readonly tests: readonly TestPlanTest[];
  readonly touches: readonly TestPlanTouch[];
  readonly calls: readonly TestPlanCall[];
}

export interface TestPlanGraph extends TestPlanTraces {
  /** Sorted. */
  readonly services: readonly string[];
}

export interface TestPlanStats {
  readonly services: number;
  readonly tests: number;
  readonly touches: number;
  readonly calls: number;
}

export interface TestPlanStore {
  /** Adds to what is known, or with `replace` takes its place; all of it or, when it rejects, nothing. */
  ingest(
    scope: TestPlanScope,
    traces: TestPlanTraces,
    options: { readonly nowMs: number; readonly replace?: boolean },
  ): Promise<void>;
  load(scope: TestPlanScope): Promise<TestPlanGraph>;
  stats(scope: TestPlanScope): Promise<TestPlanStats>;
  /** Forgets, in all scopes, what no trace showed since. Tells how many rows. */
  prune(query: { readonly olderThanMs: number }): Promise<number>;
}
