/** Sends one tagged request through each entry that reaches a changed app. */
import type { Plan } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';
import { sendRequest } from '../traffic/send-request.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { newTrace, sessionHeaders } from '../traffic/session-headers.ts';

/** Entries that are changed, or from which a required edge leads on. */
const entriesToProbe = ({ entries, changedApps, requiredEdges }: Plan): string[] =>
  entries.filter(
    (entry) => changedApps.includes(entry) || requiredEdges.some(({ caller }) => caller === entry),
  );

export interface SentTrace {
  readonly entry: string;
  readonly traceId: string;
  readonly status: number;
}

/** Throws ENTRY_UNREACHABLE when an entry gives no answer at all. */
export const sendTraces = async (
  client: KubeClient,
  plan: Plan,
  signal: AbortSignal,
): Promise<SentTrace[]> => {
  const sent: SentTrace[] = [];
  for (const entry of entriesToProbe(plan)) {
    const url = await serviceUrl(client, plan.namespaces[entry] ?? '', entry);
    const { traceId, traceparent } = newTrace();
    const answer = await sendRequest(`${url}/`, { ...sessionHeaders(plan), traceparent }, signal);
    if (answer.status === undefined) {
      throw new StepFailure(`entry ${entry} does not answer at ${url}: ${answer.message}`, {
        code: 'ENTRY_UNREACHABLE',
        hint: 'see the logs of the app and of Deployment tekton-dag-router',
      });
    }
    sent.push({ entry, traceId, status: answer.status });
  }
  return sent;
};
