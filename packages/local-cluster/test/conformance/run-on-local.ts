/** Runs the corpus on a local cluster in a process of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, startClusterProcess } from '../start-cluster-process.ts';
import { openEngine } from './conformance-engine.ts';
import { readCorpus } from './read-case.ts';
import { serveDefinitions } from './serve-definitions.ts';
import { runCorpus, type CorpusOutcomes } from './run-corpus.ts';

const PARALLEL_CASES = 8;

export async function runOnLocal(isWanted: (name: string) => boolean = () => true): Promise<CorpusOutcomes> {
  const stateDir = mkdtempSync(join(tmpdir(), 'conformance-'));
  const { child, kubeconfigPath, registryHost } = await startClusterProcess(stateDir);
  try {
    await using definitions = await serveDefinitions('127.0.0.1', 'any-image:1');
    await using engine = await openEngine({
      ...definitions,
      kubeconfig: kubeconfigPath,
      image: 'any-image:1',
      missingImage: `${registryHost}/no-such-image:1`,
      shortTime: '3s',
      namespacePrefix: 'conformance-',
    });
    const cases = readCorpus(engine.words).filter(({ name }) => isWanted(name));
    return await runCorpus(cases, engine, PARALLEL_CASES);
  } finally {
    await endProcess(child, 'SIGTERM');
    rmSync(stateDir, { recursive: true, force: true });
  }
}
