/** The corpus on a real Tekton comes to what was recorded of one; on a local cluster beside it, to the same but what cases list. */

import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus, WORDS } from '../../packages/local-cluster/test/conformance/read-case.ts';
import {
  expectedLocally,
  readOutcome,
} from '../../packages/local-cluster/test/conformance/recorded-outcomes.ts';
import type { CorpusOutcomes } from '../../packages/local-cluster/test/conformance/run-corpus.ts';
import { runOnCluster } from '../../packages/local-cluster/test/conformance/run-on-cluster.ts';
import { runOnLocal } from '../../packages/local-cluster/test/conformance/run-on-local.ts';

const cases = readCorpus(WORDS);
const PATIENCE_MS = 2_700_000;

describe('real Tekton and the local cluster come to the same:', () => {
  let real: CorpusOutcomes = new Map();
  let local: CorpusOutcomes = new Map();
  beforeAll(async () => {
    real = await runOnCluster(process.env);
    local = await runOnLocal();
  }, PATIENCE_MS);

  it.each(cases)('$title', (one) => {
    const outcomes = { real: real.get(one.name), local: local.get(one.name) };
    for (const outcome of Object.values(outcomes)) if (outcome instanceof Error) throw outcome;
    expect(outcomes).toEqual({ real: readOutcome(one.name), local: expectedLocally(one) });
  });
});
