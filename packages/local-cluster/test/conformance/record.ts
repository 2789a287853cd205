/**
 * Records what real Tekton makes of the corpus: node record.ts [case ...], with KUBECONFIG and REGISTRY set. Without
 * names every case is run. The table in docs/local-cluster.md is made anew.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { readCorpus, WORDS } from './read-case.ts';
import { writeOutcome } from './recorded-outcomes.ts';
import { DOCUMENT, renderTable, TABLE_END, TABLE_START, tableRows } from './render-table.ts';
import { runOnCluster } from './run-on-cluster.ts';

const names = process.argv.slice(2);
const outcomes = await runOnCluster(process.env, (name) => names.length === 0 || names.includes(name));
for (const [name, outcome] of outcomes) {
  if (outcome instanceof Error) {
    process.stderr.write(`${name}: ${outcome.message}\n`);
    process.exitCode = 1;
  } else await writeOutcome(name, outcome);
}

const text = readFileSync(DOCUMENT, 'utf8');
const before = text.slice(0, text.indexOf(TABLE_START) + TABLE_START.length);
const after = text.slice(text.indexOf(TABLE_END));
const table = `${before}\n\n${renderTable(tableRows(readCorpus(WORDS)))}\n\n${after}`;
writeFileSync(DOCUMENT, await format(table, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
