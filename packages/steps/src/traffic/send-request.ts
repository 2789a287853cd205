/** One GET to an app, and what came back. */
import { sendHttp } from '../send-http.ts';

export interface Answer {
  readonly status: number;
  /** `<backend service>/<pod>` as the router says; undefined when it says nothing. */
  readonly servedBy: string | undefined;
}

/** No answer came: refused connection, reset or timeout. */
export interface NoAnswer {
  readonly status: undefined;
  readonly message: string;
}

const TIMEOUT_MS = 15_000;
const SERVED_BY = 'x-tekton-dag-served-by';

/** Sends `GET url` and reads the answer to its end. Throws only when the signal aborts. */
export const sendRequest = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer | NoAnswer> => {
  try {
    const response = await sendHttp(url, {
      headers: { ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body.dump();
    const servedBy = response.headers[SERVED_BY];
    return { status: response.statusCode, servedBy: typeof servedBy === 'string' ? servedBy : undefined };
  } catch (error) {
    signal.throwIfAborted();
    return { status: undefined, message: error instanceof Error ? error.message : String(error) };
  }
};
