/** Waits until an app answers through the router. */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../step-failure.ts';
import { sendRequest } from '../traffic/send-request.ts';

const RETRY_INTERVAL_MS = 100;
/** What a router answers with while it has no ready endpoint. */
const NOT_YET = new Set([502, 503, 504]);

/** Resolves with the status; throws BASELINE_SILENT when nothing but gateway errors came in time. */
export const awaitAnswer = async (
  url: string,
  { app, timeoutMs, signal }: { app: string; timeoutMs: number; signal: AbortSignal },
): Promise<number> => {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await sendRequest(`${url}/`, {}, signal);
    if (answer.status !== undefined && !NOT_YET.has(answer.status)) return answer.status;
    if (performance.now() > deadlineMs) {
      const got = answer.status === undefined ? answer.message : `HTTP ${answer.status}`;
      throw new StepFailure(`app ${app} does not answer through its Service (${url}): ${got}`, {
        code: 'BASELINE_SILENT',
        hint: 'see the logs of Deployment tekton-dag-router and of the app',
      });
    }
    await delay(RETRY_INTERVAL_MS, undefined, { signal });
  }
};
