/** Runs one case on an engine: creates its objects, steers it, waits for the end, and tells what it came to. */

import { z } from 'zod';
import type { ConformanceEngine } from './conformance-engine.ts';
import type { CaseObject, ConformanceCase, Steer } from './read-case.ts';
import { reduceOutcome, type Outcome } from './reduce-outcome.ts';
import { conditionOf, hasEnded, type Runs, type RunWatch, type SeenRun } from './watch-runs.ts';

const PLURALS: Readonly<Record<string, string>> = {
  PipelineRun: 'pipelineruns',
  TaskRun: 'taskruns',
  Pipeline: 'pipelines',
  Task: 'tasks',
  StepAction: 'stepactions',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  PersistentVolumeClaim: 'persistentvolumeclaims',
};

const refusalSchema = z.object({ message: z.string() });

function pathOf({ apiVersion, kind }: CaseObject, namespace: string): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`the corpus has no use for ${kind}`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${plural}`;
}

/** Objects that the API server refuses are part of the outcome. */
export async function runCase(
  one: ConformanceCase,
  engine: ConformanceEngine,
  watch: RunWatch,
): Promise<Outcome> {
  const refused: string[] = [];
  for (const object of one.objects) {
    const { status, body } = await engine.request(pathOf(object, engine.words.namespace), {
      method: 'POST',
      body: object,
    });
    if (status === 201) continue;
    if (status !== 400 && status !== 422) throw new Error(`${idOf(object)}: ${JSON.stringify(body)}`);
    refused.push(idOf(object));
  }
  for (const steer of one.steer) await steerRun(steer, engine, watch);
  const roots = one.objects
    .filter((object) => isRun(object) && !refused.includes(idOf(object)))
    .map((object) => idOf(object));
  await watch.until((runs) => haveAllEnded(roots, runs));
  return withoutWords(reduceOutcome(familyOf(roots, watch.runs), refused), engine);
}

const isRun = ({ kind }: CaseObject): boolean => kind === 'PipelineRun' || kind === 'TaskRun';
const idOf = ({ kind, metadata }: CaseObject): string => `${kind}/${metadata.name}`;

async function steerRun(
  { await: moment, patch }: Steer,
  engine: ConformanceEngine,
  watch: RunWatch,
): Promise<void> {
  const id = `${moment.kind}/${moment.name}`;
  await watch.until((runs) => {
    const run = runs.get(id);
    if (run === undefined) return false;
    if (hasEnded(run)) throw new Error(`${id} ended before it could be steered`);
    return moment.reason === 'StepRunning' ? hasRunningStep(run) : conditionOf(run)?.reason === moment.reason;
  });
  const path = `/apis/tekton.dev/v1/namespaces/${engine.words.namespace}/${PLURALS[patch.kind] ?? ''}/${patch.name}`;
  const { status, body } = await engine.request(path, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { spec: patch.spec },
  });
  if (status !== 200) throw new Error(refusalSchema.parse(body).message);
}

const hasRunningStep = (run: SeenRun): boolean => run.status.steps.some((step) => step.running !== undefined);

/** The runs of these names and every run that they own. */
function familyOf(roots: readonly string[], runs: Runs): Runs {
  const family = new Map<string, SeenRun>();
  const add = (id: string): void => {
    const run = runs.get(id);
    if (run === undefined || family.has(id)) return;
    family.set(id, run);
    for (const [child, { metadata }] of runs) {
      if (metadata.ownerReferences.some((owner) => `${owner.kind}/${owner.name}` === id)) add(child);
    }
  };
  for (const id of roots) add(id);
  return family;
}

/** The two kinds are watched apart, so the children that a run names must have been seen as well. */
function haveAllEnded(roots: readonly string[], runs: Runs): boolean {
  if (!roots.every((id) => runs.has(id))) return false;
  return [...familyOf(roots, runs).values()].every(
    (run) =>
      hasEnded(run) && run.status.childReferences.every(({ kind, name }) => runs.has(`${kind}/${name}`)),
  );
}

/** The engine's own words are put back, so that outcomes of two engines can be equal. */
function withoutWords(outcome: Outcome, { words }: ConformanceEngine): Outcome {
  const text = JSON.stringify(outcome)
    .replaceAll(words.namespace, 'TEST_NAMESPACE')
    .replaceAll(words.gitUrl, 'GIT_URL')
    .replaceAll(words.gitRevision, 'GIT_REVISION')
    .replaceAll(words.missingImage, 'MISSING_IMAGE')
    .replaceAll(words.image, 'TEST_IMAGE')
    .replaceAll(`"${words.shortTime}\\"`, '"SHORT_TIME\\"');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}
