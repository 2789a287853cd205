/** What is asked of a forge's API and what it answers, before anybody looks inside. */

export interface ForgeRequest {
  /** Label of a metric: one of a few words. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** With the parameters in it, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
}

/** Names of headers are lower case. */
export interface ForgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly data: unknown;
}

/** Resolves with any status; rejects when no answer came, or with a `ForgeError` when there are no credentials. */
export type SendToForge = (
  request: ForgeRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<ForgeAnswer>;
