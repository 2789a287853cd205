/** recordProvenance: the part of the run record that says what the run was made of, and Tekton's result of it. */
import { present, RUN_RECORD_KEYS, type RunProvenance } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { writeFile } from 'node:fs/promises';
import { readCatalogOfRun } from '../kubernetes/read-catalog-of-run.ts';

interface RunOfStep {
  readonly RUN_NAME: string;
  readonly RUN_NAMESPACE: string;
  /** Where the result goes; empty in tasks of before there was one. */
  readonly PLATFORM_REVISION_RESULT: string;
}

/** Gives `provenance.json`; a platform that nobody knows leaves an empty result. */
export const recordProvenance = async (
  client: KubeClient,
  run: RunOfStep,
  platform: RunProvenance['platform'],
): Promise<Readonly<Record<string, string>>> => {
  const identity = { namespace: run.RUN_NAMESPACE, name: run.RUN_NAME };
  const catalog = await readCatalogOfRun(client, identity);
  if (run.PLATFORM_REVISION_RESULT !== '') {
    await writeFile(run.PLATFORM_REVISION_RESULT, platform?.revision ?? '');
  }
  const provenance: RunProvenance = present({ platform, catalog });
  return { [RUN_RECORD_KEYS.provenance]: JSON.stringify(provenance) };
};
