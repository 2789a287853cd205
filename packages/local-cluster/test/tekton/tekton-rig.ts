/**
 * A namespace in which tests run Tekton objects. It needs a KUBECONFIG and nothing else: objects by kind and name, their
 * status, and logs; so the same tests can be pointed at another cluster.
 */

import { parse } from 'yaml';
import { z } from 'zod';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const RESOURCES = {
  PipelineRun: { path: '/apis/tekton.dev/v1', plural: 'pipelineruns' },
  TaskRun: { path: '/apis/tekton.dev/v1', plural: 'taskruns' },
  Pipeline: { path: '/apis/tekton.dev/v1', plural: 'pipelines' },
  Task: { path: '/apis/tekton.dev/v1', plural: 'tasks' },
  StepAction: { path: '/apis/tekton.dev/v1beta1', plural: 'stepactions' },
  Pod: { path: '/api/v1', plural: 'pods' },
  ConfigMap: { path: '/api/v1', plural: 'configmaps' },
  Secret: { path: '/api/v1', plural: 'secrets' },
  ServiceAccount: { path: '/api/v1', plural: 'serviceaccounts' },
  PersistentVolumeClaim: { path: '/api/v1', plural: 'persistentvolumeclaims' },
} as const;
export type Kind = keyof typeof RESOURCES;

const isKind = (kind: string): kind is Kind => kind in RESOURCES;

const seenSchema = z.object({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.unknown()).default([]),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z
    .looseObject({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(''),
            message: z.string().default(''),
          }),
        )
        .default([]),
      results: z.array(z.object({ name: z.string(), value: z.unknown() })).default([]),
      skippedTasks: z.array(z.looseObject({ name: z.string(), reason: z.string() })).default([]),
      podName: z.string().optional(),
      startTime: z.string().optional(),
      completionTime: z.string().optional(),
    })
    .prefault({}),
});
/** An object as tests read it. */
export type Seen = z.infer<typeof seenSchema>;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(seenSchema),
});
const refusalSchema = z.object({ message: z.string() });

/** The Succeeded condition of a run. */
export const condition = (run: Seen) => run.status.conditions.find((one) => one.type === 'Succeeded');

/** Results of a run by name. */
export const resultsOf = (run: Seen): Record<string, unknown> =>
  Object.fromEntries(run.status.results.map((one) => [one.name, one.value]));

/** Reasons of skipped tasks by name. */
export const skippedTasksOf = (run: Seen): Record<string, string> =>
  Object.fromEntries(run.status.skippedTasks.map((one) => [one.name, one.reason]));

export interface TektonRig {
  readonly namespace: string;
  /** Creates every document of a YAML text; throws the message of a refusal. */
  apply(yaml: string): Promise<void>;
  /** The message of the refusal of a YAML document; '' when it was accepted. */
  refusal(yaml: string): Promise<string>;
  /** Undefined when there is none. */
  get(kind: Kind, name: string): Promise<Seen | undefined>;
  list(kind: Kind, labelSelector?: string): Promise<Seen[]>;
  /** Replaces fields of spec. */
  patchSpec(kind: Kind, name: string, spec: Readonly<Record<string, unknown>>): Promise<void>;
  remove(kind: Kind, name: string): Promise<void>;
  /** Waits until the object is as told. */
  until(kind: Kind, name: string, isAsTold: (object: Seen) => boolean): Promise<Seen>;
  /** Waits until the object is no more. */
  gone(kind: Kind, name: string): Promise<void>;
  /** Waits for the end of a run. */
  finished(kind: 'PipelineRun' | 'TaskRun', name: string): Promise<Seen>;
  /** Output lines of a container of a TaskRun's last pod. */
  logs(taskRun: string, container: string): Promise<string[]>;
  close(): Promise<void>;
}

const documentSchema = z.looseObject({ kind: z.string() });

const documentsOf = (yaml: string) =>
  yaml
    .split(/^---$/m)
    .filter((text) => text.trim() !== '')
    .map((text) => documentSchema.parse(parse(text)));

/** The last line may lack its end; an empty text has no line. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** Opens a namespace of its own in the cluster of the tests. */
export async function openTekton(): Promise<TektonRig> {
  const cluster = await openTestCluster();
  return tektonIn(cluster);
}

/** Tekton in a namespace of a cluster. */
export function tektonIn(cluster: TestCluster): TektonRig {
  const pathOf = (kind: Kind, name?: string): string => {
    const { path, plural } = RESOURCES[kind];
    return `${path}/namespaces/${cluster.namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
  };
  const create = async (document: z.infer<typeof documentSchema>): Promise<string> => {
    if (!isKind(document.kind)) throw new Error(`unknown kind ${document.kind}`);
    const { status, body } = await cluster.request(pathOf(document.kind), { method: 'POST', body: document });
    return status === 201 ? '' : refusalSchema.parse(body).message;
  };
  const get = async (kind: Kind, name: string): Promise<Seen | undefined> => {
    const { status, body } = await cluster.request(pathOf(kind, name));
    return status === 200 ? seenSchema.parse(body) : undefined;
  };
  const watch = async (kind: Kind, name: string, isAsTold: (object: Seen) => boolean): Promise<Seen> => {
    const before = listSchema.parse((await cluster.request(pathOf(kind))).body);
    const now = before.items.find((item) => item.metadata.name === name);
    if (now !== undefined && isAsTold(now)) return now;
    const query = `watch=1&fieldSelector=metadata.name%3D${name}&resourceVersion=${before.metadata.resourceVersion}`;
    const stop = new AbortController();
    try {
      for await (const { object } of cluster.stream(`${pathOf(kind)}?${query}`, stop.signal)) {
        const seen = seenSchema.parse(object);
        if (isAsTold(seen)) return seen;
      }
    } finally {
      stop.abort();
    }
    throw new Error(`the watch of ${kind} ${name} ended`);
  };
  const gone = async (kind: Kind, name: string): Promise<void> => {
    const before = listSchema.parse((await cluster.request(pathOf(kind))).body);
    if (!before.items.some((item) => item.metadata.name === name)) return;
    const query = `watch=1&fieldSelector=metadata.name%3D${name}&resourceVersion=${before.metadata.resourceVersion}`;
    const stop = new AbortController();
    for await (const { type } of cluster.stream(`${pathOf(kind)}?${query}`, stop.signal)) {
      if (type === 'DELETED') break;
    }
    stop.abort();
  };
  const rig: TektonRig = {
    namespace: cluster.namespace,
    apply: async (yaml) => {
      for (const document of documentsOf(yaml)) {
        const refusal = await create(document);
        if (refusal !== '') throw new Error(refusal);
      }
    },
    refusal: async (yaml) => {
      const refusals: string[] = [];
      for (const document of documentsOf(yaml)) refusals.push(await create(document));
      return refusals.join('\n');
    },
    get,
    list: async (kind, labelSelector = '') => {
      const { body } = await cluster.request(
        `${pathOf(kind)}?labelSelector=${encodeURIComponent(labelSelector)}`,
      );
      return listSchema.parse(body).items;
    },
    patchSpec: async (kind, name, spec) => {
      const { status, body } = await cluster.request(pathOf(kind, name), {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body: { spec },
      });
      if (status !== 200) throw new Error(refusalSchema.parse(body).message);
    },
    remove: async (kind, name) => {
      await cluster.request(pathOf(kind, name), { method: 'DELETE' });
    },
    until: watch,
    gone,
    finished: (kind, name) =>
      watch(kind, name, (run) => ['True', 'False'].includes(condition(run)?.status ?? '')),
    logs: async (taskRun, container) => {
      const run = await get('TaskRun', taskRun);
      const { body } = await cluster.request(
        `${pathOf('Pod', run?.status.podName)}/log?container=${container}`,
      );
      return linesOf(String(body));
    },
    close: () => cluster.close(),
  };
  return rig;
}
