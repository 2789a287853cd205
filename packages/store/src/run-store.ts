/** The history of runs, as the orchestrator saw them in the cluster. Times are epoch milliseconds. */

export type RunState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface RunRow {
  readonly namespace: string;
  readonly name: string;
  readonly pipeline: string;
  readonly mode: string;
  readonly team: string;
  readonly stack: string;
  /** Empty where a run is for a whole stack. */
  readonly app: string;
  readonly repository: string;
  readonly pullRequest: number | undefined;
  readonly sha: string;
  /** Id of the delivery that asked for it; empty for runs made by hand. */
  readonly delivery: string;
  readonly state: RunState;
  /** Reason of the condition `Succeeded`, as Tekton spells it; empty before there is one. */
  readonly reason: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
}

export interface RunStore {
  /** Inserts the run or replaces what is known of it. */
  upsert(run: RunRow): Promise<void>;
  get(key: Pick<RunRow, 'namespace' | 'name'>): Promise<RunRow | undefined>;
  /** Newest first. */
  list(query: { readonly limit: number; readonly team?: string }): Promise<readonly RunRow[]>;
  /** Runs that were not finished when last seen. */
  listOpen(): Promise<readonly RunRow[]>;
}
