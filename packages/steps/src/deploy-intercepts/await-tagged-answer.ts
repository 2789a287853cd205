/** Waits until a tagged request really arrives at the pull request's pod. */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../step-failure.ts';
import { sendRequest, type Answer, type NoAnswer } from '../traffic/send-request.ts';
import { newTrace } from '../traffic/session-headers.ts';

export interface TaggedAnswerOptions {
  readonly app: string;
  /** The Service that must answer. */
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const RETRY_INTERVAL_MS = 50;

const describeAnswer = (answer: Answer | NoAnswer): string => {
  if (answer.status === undefined) return `no answer (${answer.message})`;
  return `HTTP ${answer.status} from ${answer.servedBy ?? 'a backend that no router names'}`;
};

/** Resolves with the name of the pod; throws INTERCEPT_SILENT with the last answer. */
export const awaitTaggedAnswer = async (url: string, options: TaggedAnswerOptions): Promise<string> => {
  const { app, service, headers, timeoutMs, signal } = options;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await sendRequest(`${url}/`, { ...headers, traceparent: newTrace().traceparent }, signal);
    const [backend, pod] = (answer.status === undefined ? undefined : answer.servedBy)?.split('/') ?? [];
    if (backend === service && pod !== undefined) return pod;
    if (performance.now() > deadlineMs) {
      throw new StepFailure(
        `a tagged request to ${app} did not reach ${service}: ${describeAnswer(answer)}`,
        {
          code: 'INTERCEPT_SILENT',
          hint: `kubectl get httproute ${service} -o yaml, and the log of Deployment tekton-dag-router`,
        },
      );
    }
    await delay(RETRY_INTERVAL_MS, undefined, { signal });
  }
};
