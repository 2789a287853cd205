/** cdEventOf: an event of the log in the words of CDEvents 0.4 (cdevents.dev), for the sink. Pure. */

import type { EventRow } from '@tekton-dag/store';
import type { EventDataByType, EventType, RunEventData } from './event-types.ts';

const SPEC_VERSION = '0.4.1';

export interface CdEvent {
  readonly context: {
    readonly version: string;
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly timestamp: string;
  };
  readonly subject: {
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly content: Readonly<Record<string, unknown>>;
  };
  /** What CDEvents has no words for. */
  readonly customData?: Readonly<Record<string, unknown>>;
  readonly customDataContentType?: string;
}

export interface Installation {
  /** A URI reference that tells installations apart; the public URL where there is one. */
  readonly source: string;
  readonly publicUrl: string | undefined;
}

/** Type, with the version of the type, and what it says; `custom` is what CDEvents has no words for. */
interface Described {
  readonly type: string;
  readonly subject: Pick<CdEvent['subject'], 'id' | 'type' | 'content'>;
  readonly custom?: Readonly<Record<string, unknown>>;
}

type Describe = {
  readonly [Type in EventType]: ((data: EventDataByType[Type], from: Installation) => Described) | undefined;
};

const OUTCOMES: Readonly<Record<string, string>> = { succeeded: 'success', failed: 'failure' };

const describe: Describe = {
  'delivery.decided': undefined,
  'run.queued': (run, from) => describeRun('queued', run, from),
  'run.started': (run, from) => describeRun('started', run, from),
  'run.finished': (run, from) => describeRun('finished', run, from),
  'change.merged': ({ host, repository, pull_request: number, sha }) => ({
    type: 'change.merged.0.2.0',
    subject: {
      id: `${repository}#${number}`,
      type: 'change',
      content: { repository: { id: repository, source: `https://${host}` } },
    },
    custom: { sha },
  }),
  // Package URL of an image: type oci, version is the digest (purl-spec, types).
  'artifact.published': ({ app, version, image, digest, namespace, run }) => ({
    type: 'artifact.published.0.2.0',
    subject: {
      id: `pkg:oci/${app}@${encodeURIComponent(digest)}?repository_url=${encodeURIComponent(image)}&tag=v${version}`,
      type: 'artifact',
      content: {},
    },
    custom: { app, version, run: `${namespace}/${run}` },
  }),
  'tests.finished': ({ namespace, run, stack, outcome, tests, failures }) => ({
    type: 'testsuiterun.finished.0.2.0',
    subject: {
      id: `${namespace}/${run}/tests`,
      type: 'testSuiteRun',
      content: { outcome, environment: { id: namespace }, testSuite: { id: stack, name: stack } },
    },
    custom: { run: `${namespace}/${run}`, tests, failures },
  }),
};

/** Undefined for what CDEvents has no type for. The id is the event's own: sent twice, it is the same. */
export function cdEventOf(event: EventRow, installation: Installation): CdEvent | undefined {
  const described = describeEvent(event, installation);
  if (described === undefined) return undefined;
  const { source } = installation;
  const { type, subject, custom } = described;
  return {
    context: {
      version: SPEC_VERSION,
      id: event.id,
      source,
      type: `dev.cdevents.${type}`,
      timestamp: new Date(event.timeMs).toISOString(),
    },
    subject: { ...subject, source },
    customData: { ...custom, team: event.team },
    customDataContentType: 'application/json',
  };
}

function describeEvent({ type, data }: EventRow, installation: Installation): Described | undefined {
  if (!isEventType(type)) return undefined;
  return describeByType(type, JSON.parse(data), installation);
}

/** The data is our own text, so it is trusted to be of its type. */
function describeByType<Type extends EventType>(
  type: Type,
  data: EventDataByType[Type],
  installation: Installation,
): Described | undefined {
  return describe[type]?.(data, installation);
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(describe, type);
}

function describeRun(
  predicate: 'queued' | 'started' | 'finished',
  run: RunEventData,
  { publicUrl }: Installation,
): Described {
  const id = `${run.namespace}/${run.name}`;
  const errors = run.state === 'failed' || run.state === 'cancelled' ? { errors: run.reason } : {};
  // What was cancelled proved nothing either way.
  const ended = predicate === 'finished' ? { outcome: OUTCOMES[run.state] ?? 'error', ...errors } : {};
  const url = publicUrl === undefined ? {} : { url: `${publicUrl}/api/runs/${id}` };
  const { mode, stack, apps, repository, pull_request, sha } = run;
  return {
    type: `pipelinerun.${predicate}.0.2.0`,
    subject: { id, type: 'pipelineRun', content: { pipelineName: run.pipeline, ...url, ...ended } },
    custom: { mode, stack, apps, repository, pull_request, sha },
  };
}
