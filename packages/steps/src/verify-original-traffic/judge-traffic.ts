/** Decides whether untagged traffic is untouched; pure. */
import type { OriginalTrafficVerdict } from '@tekton-dag/model';
import type { Counters } from '../traffic/router-admin.ts';
import type { Answer, NoAnswer } from '../traffic/send-request.ts';

type AppVerdict = OriginalTrafficVerdict['apps'][number];

export interface TrafficInput {
  readonly app: string;
  /** `<namespace>/<service>`. */
  readonly service: string;
  /** Services of pull requests' pods of this run; untagged requests there are a fault. */
  readonly intercepts: readonly string[];
  readonly answer: Answer | NoAnswer;
  readonly before: Counters;
  readonly after: Counters;
}

const untaggedOf = (counters: Counters, service: string, backend: string): number =>
  counters.get(service)?.get(backend)?.untagged ?? 0;

const problemOf = (
  input: TrafficInput,
  untaggedToChange: number,
  answered: string | undefined,
): string | undefined => {
  const { answer, app } = input;
  if (answer.status === undefined) return `unreachable: ${answer.message}`;
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  if (answer.servedBy !== undefined)
    return `an untagged request was marked as answered by ${answer.servedBy}`;
  if (untaggedToChange > 0) return `${untaggedToChange} untagged request(s) reached the pull request's pods`;
  if (answered === undefined) return `no router counted the request to ${app}; it went another way`;
  return undefined;
};

/** The verdict on one app: our untagged request must have been counted, and not on a pull request's pods. */
export const judgeTraffic = (input: TrafficInput): AppVerdict => {
  const { app, service, intercepts, answer, before, after } = input;
  const grown = [...(after.get(service)?.keys() ?? [])].filter(
    (backend) => untaggedOf(after, service, backend) > untaggedOf(before, service, backend),
  );
  const backend = grown.find((name) => !intercepts.includes(name));
  // Counters start with the router, so every untagged request to an intercept counts, ours or not.
  const untaggedToChange = intercepts.reduce((sum, name) => sum + untaggedOf(after, service, name), 0);
  const problem = problemOf(input, untaggedToChange, backend);
  return {
    app,
    verdict: problem === undefined ? 'passed' : 'failed',
    ...(answer.status === undefined ? {} : { status: answer.status }),
    ...(backend === undefined ? {} : { backend }),
    untaggedToChange,
    detail: problem ?? `HTTP ${answer.status ?? ''} from ${backend ?? ''}`,
  };
};
