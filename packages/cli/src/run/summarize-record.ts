/** summarizeRecord: the verdicts that a run of a pull request must have left behind, in a line each. Pure. */

import { parseOriginalTraffic, parsePropagation, parseTests, RUN_RECORD_KEYS } from '@tekton-dag/model';

export interface RecordSummary {
  readonly lines: readonly string[];
  /** True when every verdict is there and says that the run has passed. */
  readonly passed: boolean;
}

const PARSERS = [
  { title: 'propagation', key: RUN_RECORD_KEYS.propagation, parse: parsePropagation },
  { title: 'original traffic', key: RUN_RECORD_KEYS.originalTraffic, parse: parseOriginalTraffic },
  { title: 'tests', key: RUN_RECORD_KEYS.tests, parse: parseTests },
] as const;

/** `data`: the run record's, undefined when there is no record. */
export function summarizeRecord(data: Readonly<Record<string, string>> | undefined): RecordSummary {
  const verdicts = PARSERS.map(({ title, key, parse }) => {
    const text = data?.[key];
    const parsed = text === undefined ? undefined : parse(text);
    return { title, verdict: parsed?.ok === true ? parsed.value.verdict : 'missing from the run record' };
  });
  return {
    lines: verdicts.map(({ title, verdict }) => `${title}: ${verdict}`),
    passed: verdicts.every(({ verdict }) => verdict === 'passed'),
  };
}
