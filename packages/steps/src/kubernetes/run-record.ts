/** The run record: the ConfigMap in which the steps of a run hand data on (docs/architecture.md, Run record). */
import {
  parseIntercepts,
  parsePlan,
  RUN_RECORD_KEYS,
  type Intercepts,
  type Plan,
  type Result,
} from '@tekton-dag/model';
import { kinds, type ConfigMap, type KubeClient } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';

export interface RunIdentity {
  readonly namespace: string;
  readonly name: string;
}

/** etcd takes 1.5 MiB per request and a ConfigMap 1 MiB; this leaves room for the other writers. */
const MAX_PART_BYTES = 700_000;

const checkSize = (key: string, text: string): void => {
  if (Buffer.byteLength(text) <= MAX_PART_BYTES) return;
  throw new StepFailure(
    `${key} has ${Buffer.byteLength(text)} bytes; the run record takes ${MAX_PART_BYTES}`,
    {
      code: 'RUN_RECORD_FULL',
      hint: 'split the stack',
    },
  );
};

/** Writes keys; keys of other writers stay. The record must exist. */
export const writeRunRecord = async (
  client: KubeClient,
  run: RunIdentity,
  parts: Readonly<Record<string, string>>,
): Promise<void> => {
  for (const [key, text] of Object.entries(parts)) checkSize(key, text);
  await client.resource(kinds.configmaps, run.namespace).patch(run.name, { data: parts }, { type: 'merge' });
};

/** Removes a key, whether it is there or not. */
export const removeRunRecordPart = async (
  client: KubeClient,
  run: RunIdentity,
  key: string,
): Promise<void> => {
  const patch = { data: { [key]: null } };
  await client.resource(kinds.configmaps, run.namespace).patch(run.name, patch, { type: 'merge' });
};

/** Makes the record, or adds to the one of an earlier attempt. */
export const createRunRecord = async (client: KubeClient, record: ConfigMap): Promise<void> => {
  for (const [key, text] of Object.entries(record.data ?? {})) checkSize(key, text);
  const configMaps = client.resource(kinds.configmaps, record.metadata?.namespace);
  const name = record.metadata?.name ?? '';
  if ((await configMaps.get(name)) === undefined) await configMaps.create(record);
  else await configMaps.patch(name, { data: record.data }, { type: 'merge' });
};

/** All keys, or undefined when `prepare` never got that far. */
export const readRunRecord = async (
  client: KubeClient,
  run: RunIdentity,
): Promise<Readonly<Record<string, string>> | undefined> =>
  (await client.resource(kinds.configmaps, run.namespace).get(run.name))?.data;

const missing = (run: RunIdentity, key: string): StepFailure =>
  new StepFailure(`run record ${run.namespace}/${run.name} has no ${key}`, {
    code: 'RUN_RECORD_INCOMPLETE',
    hint: 'the task before this one has to run first',
  });

/** Reads one part with the parser that the model has for it. */
export const readRunRecordPart = async <T>(
  client: KubeClient,
  run: RunIdentity,
  part: { readonly key: string; readonly parse: (text: string) => Result<T, { readonly message: string }> },
): Promise<T> => {
  const text = (await readRunRecord(client, run))?.[part.key];
  if (text === undefined) throw missing(run, part.key);
  const parsed = part.parse(text);
  if (parsed.ok) return parsed.value;
  throw new StepFailure(`${part.key} of run record ${run.name}: ${parsed.error.message}`, {
    code: 'RUN_RECORD_INVALID',
  });
};

/** Reads the plan. */
export const readPlan = async (client: KubeClient, run: RunIdentity): Promise<Plan> =>
  await readRunRecordPart(client, run, { key: RUN_RECORD_KEYS.plan, parse: parsePlan });

/** Reads the intercepts; none when they were never deployed. */
export const readIntercepts = async (client: KubeClient, run: RunIdentity): Promise<Intercepts> => {
  const key = RUN_RECORD_KEYS.intercepts;
  const isThere = (await readRunRecord(client, run))?.[key] !== undefined;
  return isThere ? await readRunRecordPart(client, run, { key, parse: parseIntercepts }) : [];
};
