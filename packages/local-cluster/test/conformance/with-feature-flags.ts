/** Does something while Tekton has other feature flags, and puts back what was there, whatever happens. */

import { z } from 'zod';
import type { ConformanceEngine } from './conformance-engine.ts';
import type { CaseObject, ConformanceCase } from './read-case.ts';

const PATH = '/api/v1/namespaces/tekton-pipelines/configmaps/feature-flags';
const mapSchema = z.object({ data: z.record(z.string(), z.string()).default({}) });
const LOOK_AGAIN_MS = 200;

type Flags = Readonly<Record<string, string | null>>;

/** `cases` need the flags; the first PipelineRun among their objects shows whether admission has them. */
export async function withFeatureFlags(
  engine: ConformanceEngine,
  cases: readonly ConformanceCase[],
  act: () => Promise<void>,
): Promise<void> {
  const flags: Flags = cases[0]?.flags ?? {};
  const witness = cases[0]?.objects.find((object) => object.kind === 'PipelineRun');
  if (witness === undefined) throw new Error('a case with feature flags needs a PipelineRun');
  const { data } = mapSchema.parse((await engine.request(PATH)).body);
  const before = Object.fromEntries(Object.keys(flags).map((name) => [name, data[name] ?? null]));
  try {
    await setFlags(engine, flags);
    await untilAdmitted(engine, witness, true);
    await act();
  } finally {
    await setFlags(engine, before);
    await untilAdmitted(engine, witness, false);
  }
}

async function setFlags(engine: ConformanceEngine, data: Flags): Promise<void> {
  const { status, body } = await engine.request(PATH, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { data },
  });
  if (status !== 200) throw new Error(`the feature flags cannot be changed: ${JSON.stringify(body)}`);
}

/** Admission reads its flags from a watch of its own; nothing tells when it has them but its answers. */
async function untilAdmitted(
  engine: ConformanceEngine,
  { metadata, ...object }: CaseObject,
  isAdmitted: boolean,
): Promise<void> {
  const path = `/apis/tekton.dev/v1/namespaces/${engine.words.namespace}/pipelineruns?dryRun=All`;
  const body = { ...object, metadata: { ...metadata, name: `${metadata.name}-witness` } };
  for (;;) {
    const { status } = await engine.request(path, { method: 'POST', body });
    if ((status === 201) === isAdmitted) return;
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_AGAIN_MS);
    });
  }
}
