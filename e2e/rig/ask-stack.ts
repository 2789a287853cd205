/** Requests to the tiny apps of a running stack, from outside. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';

/** What a tiny app says of itself and of those it asked. */
export interface StackAnswer {
  readonly app: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  readonly downstream: readonly StackAnswer[];
}

/** The form of an answer. */
export const answerSchema: z.ZodType<StackAnswer> = z.object({
  app: z.string(),
  version: z.string(),
  env: z.record(z.string(), z.string()),
  get downstream() {
    return z.array(answerSchema);
  },
});

const ANSWER_TIMEOUT_MS = 60_000;

/** Asks an app through its Service; `session` tags the request. */
export async function askStack(
  client: KubeClient,
  { namespace, app, session }: { namespace: string; app: string; session?: string },
): Promise<StackAnswer> {
  const service = await client.resource(kinds.services, namespace).get(app);
  const port = service?.spec?.ports?.[0]?.port;
  if (port === undefined) throw new Error(`Service ${namespace}/${app} is not there`);
  const headers: Record<string, string> = session === undefined ? {} : { 'x-dev-session': session };
  const url = `http://${service?.spec?.clusterIP ?? ''}:${port}/`;
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  return answerSchema.parse(await answer.json());
}

/** `front 1 -> api 2` */
export const describeStackAnswer = ({ app, version, downstream }: StackAnswer): string =>
  [`${app} ${version}`, ...downstream.map(describeStackAnswer)].join(' -> ');
