/** The corpus on a local cluster comes to what was recorded of real Tekton, but for the differences that cases list. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus, WORDS } from './read-case.ts';
import { expectedLocally, readOutcome } from './recorded-outcomes.ts';
import { shownRows, tableRows } from './render-table.ts';
import type { CorpusOutcomes } from './run-corpus.ts';
import { runOnLocal } from './run-on-local.ts';

const cases = readCorpus(WORDS);

describe('the local cluster does as Tekton does:', () => {
  let outcomes: CorpusOutcomes = new Map();
  beforeAll(async () => {
    outcomes = await runOnLocal();
  }, 300_000);

  it.each(cases)('$title', (one) => {
    const outcome = outcomes.get(one.name);
    if (outcome instanceof Error) throw outcome;
    expect(outcome).toEqual(expectedLocally(one));
  });
});

describe('the corpus', () => {
  it('lists no difference that is none', () => {
    const listed = cases.filter((one) => one.differs !== undefined);
    for (const one of listed) expect(expectedLocally(one)).not.toEqual(readOutcome(one.name));
  });

  it('has an outcome for each case and no others', () => {
    const recorded = readdirSync(join(import.meta.dirname, 'outcomes')).map((file) =>
      file.replace(/\.json$/, ''),
    );
    expect(recorded.sort()).toEqual(cases.map(({ name }) => name).sort());
  });

  it('is told in the documentation as it is', () => {
    expect(shownRows()).toEqual(tableRows(cases));
  });
});
