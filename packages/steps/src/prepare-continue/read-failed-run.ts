/** Reads the run that is to be continued: its PipelineRun, and what its steps left in its run record. */
import {
  checkContinuable,
  parseContinued,
  parseImages,
  parsePlan,
  parseRunProvenance,
  RUN_RECORD_KEYS,
  type Continued,
  type Images,
  type PipelineRun,
  type Plan,
  type Result,
  type RunProvenance,
} from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { pipelineRuns } from '../kubernetes/run-kinds.ts';
import { readRunRecord, type RunIdentity } from '../kubernetes/run-record.ts';
import { EXIT, StepFailure } from '../step-failure.ts';

export interface FailedRunRecord {
  readonly run: PipelineRun;
  readonly plan: Plan;
  readonly images: Images;
  /** Present when that run continued another. */
  readonly continued: Continued | undefined;
  /** Absent in records of before there was one. */
  readonly provenance: RunProvenance | undefined;
}

const refuse = (message: string, hint: string): StepFailure =>
  new StepFailure(`continue-from: ${message}`, {
    code: 'CONTINUE_REFUSED',
    hint,
    exitCode: EXIT.invalidInput,
  });

const readRun = async (client: KubeClient, { namespace, name }: RunIdentity): Promise<PipelineRun> => {
  const run = await client.resource(pipelineRuns, namespace).get(name);
  if (run === undefined) {
    const hint = 'it has to be in the namespace of the run that continues it';
    throw refuse(`there is no run ${name} in namespace ${namespace}`, hint);
  }
  const continuable = checkContinuable(run);
  if (!continuable.ok) throw refuse(continuable.error.message, continuable.error.hint);
  return run;
};

/** A run that ended in its first task left no record; one that continued another can then be skipped over. */
const withoutRecord = ({ metadata, spec }: PipelineRun): StepFailure => {
  const { name = '' } = metadata;
  const before = spec.params?.find((param) => param.name === 'continue-from')?.value;
  const hint = typeof before === 'string' ? `continue ${before} again` : 'start a new run';
  return refuse(`run ${name} left no plan: its run record is gone, or it never made one`, hint);
};

const parsePart = <T>(
  name: string,
  part: { readonly key: string; readonly text: string },
  parse: (text: string) => Result<T, { readonly message: string }>,
): T => {
  const parsed = parse(part.text);
  if (parsed.ok) return parsed.value;
  throw refuse(
    `${part.key} of run record ${name} cannot be read: ${parsed.error.message}`,
    'start a new run',
  );
};

/** Throws CONTINUE_REFUSED, exit code 3, when the run cannot be continued. */
export const readFailedRun = async (client: KubeClient, identity: RunIdentity): Promise<FailedRunRecord> => {
  const run = await readRun(client, identity);
  const record = (await readRunRecord(client, identity)) ?? {};
  const {
    [RUN_RECORD_KEYS.plan]: planText,
    [RUN_RECORD_KEYS.continued]: continuedText,
    [RUN_RECORD_KEYS.provenance]: provenanceText,
  } = record;
  if (planText === undefined) throw withoutRecord(run);
  const imagesText = record[RUN_RECORD_KEYS.images] ?? '{}';
  const { name } = identity;
  return {
    run,
    plan: parsePart(name, { key: RUN_RECORD_KEYS.plan, text: planText }, parsePlan),
    images: parsePart(name, { key: RUN_RECORD_KEYS.images, text: imagesText }, parseImages),
    continued:
      continuedText === undefined
        ? undefined
        : parsePart(name, { key: RUN_RECORD_KEYS.continued, text: continuedText }, parseContinued),
    provenance:
      provenanceText === undefined
        ? undefined
        : parsePart(name, { key: RUN_RECORD_KEYS.provenance, text: provenanceText }, parseRunProvenance),
  };
};
