/** Runs the corpus on a real cluster: first with its flags as they are, then the cases that need others. */

import { readClusterSettings } from '../../../../e2e/cluster/rig/cluster-settings.ts';
import { openEngine } from './conformance-engine.ts';
import { readCorpus } from './read-case.ts';
import { runCorpus, type CorpusOutcomes } from './run-corpus.ts';
import { serveDefinitions } from './serve-definitions.ts';
import { withFeatureFlags } from './with-feature-flags.ts';

/** A few pods at a time: the machine has other work. */
const PARALLEL_CASES = 4;

/** Reads KUBECONFIG, REGISTRY, HOST_ADDRESS where it cannot be told, and where given TEST_IMAGE and NAMESPACE_PREFIX. */
export async function runOnCluster(
  env: NodeJS.ProcessEnv,
  isWanted: (name: string) => boolean = () => true,
): Promise<CorpusOutcomes> {
  const registry = env['REGISTRY'] ?? '';
  const kubeconfig = env['KUBECONFIG'] ?? '';
  if (registry === '' || kubeconfig === '') throw new Error('set KUBECONFIG and REGISTRY');
  const image = env['TEST_IMAGE'] ?? `${registry}/busybox:1`;
  const { hostAddress } = await readClusterSettings({ TEKTON_DAG_IMAGE: 'none', ...env });
  await using definitions = await serveDefinitions(hostAddress, image);
  await using engine = await openEngine({
    ...definitions,
    kubeconfig,
    image,
    missingImage: `${registry}/no-such-image:1`,
    shortTime: '17s',
    namespacePrefix: env['NAMESPACE_PREFIX'] ?? 'conformance-',
  });
  const cases = readCorpus(engine.words).filter(({ name }) => isWanted(name));
  const groups = Map.groupBy(cases, ({ flags }) => JSON.stringify(flags));
  const outcomes = new Map(await runCorpus(groups.get('{}') ?? [], engine, PARALLEL_CASES));
  groups.delete('{}');
  for (const group of groups.values()) {
    const add = async (): Promise<void> => {
      for (const [name, outcome] of await runCorpus(group, engine, PARALLEL_CASES))
        outcomes.set(name, outcome);
    };
    await withFeatureFlags(engine, group, add);
  }
  return outcomes;
}
