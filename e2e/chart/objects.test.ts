/** What is true of every object that the chart renders. */

import { expect, it } from 'vitest';
import { z } from 'zod';
import { listReleases } from './rig/chart-releases.ts';
import { idOf, type ChartObject } from './rig/chart-object.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderObjects } from './rig/render-once.ts';

const CATALOG_KINDS = ['Task', 'Pipeline'];
const CLUSTER_KINDS = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];
const WAVES: Readonly<Record<string, string>> = {
  Namespace: '-1',
  ServiceAccount: '0',
  Role: '0',
  RoleBinding: '0',
  PersistentVolumeClaim: '4',
  Task: '1',
  Pipeline: '2',
  EventListener: '3',
  Interceptor: '3',
  Deployment: '4',
  Service: '4',
  Ingress: '4',
  HTTPRoute: '4',
  HorizontalPodAutoscaler: '4',
  PodDisruptionBudget: '4',
};

/** What a release leaves behind: data, what apps run in, and what lets routers of the baseline start anew. */
const STAYS = [
  'PersistentVolumeClaim',
  'Namespace',
  'ServiceAccount router',
  'Role router',
  'RoleBinding router',
];

/** Of rights and accounts the part that they are for, too. */
const kindAndPart = ({ kind, metadata }: ChartObject): string =>
  ['ServiceAccount', 'Role', 'RoleBinding'].includes(kind)
    ? `${kind} ${/(?<=^tekton-dag-|-apps-)(?:router|deployer|session-cleaner)\b/.exec(metadata.name)?.[0] ?? metadata.name}`
    : kind;

/** Objects that a value gives as they are. */
const isOwn = ({ metadata }: ChartObject): boolean => metadata.labels['helm.sh/chart'] !== undefined;

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  securityContext: z.looseObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
});
/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const restrictedPod = z.looseObject({
  hostNetwork: z.literal(false).optional(),
  hostPID: z.literal(false).optional(),
  hostIPC: z.literal(false).optional(),
  securityContext: z.looseObject({
    runAsNonRoot: z.literal(true),
    seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
  }),
  initContainers: z.array(containerSchema).optional(),
  containers: z.array(containerSchema).min(1),
  volumes: z.array(z.looseObject({ hostPath: z.undefined().optional() })).optional(),
});
const podHolder = z.looseObject({
  spec: z.looseObject({ template: z.looseObject({ spec: z.unknown() }).optional() }),
});

function podsOf(objects: readonly ChartObject[]): { readonly id: string; readonly spec: unknown }[] {
  return objects.flatMap((object) => {
    if (object.kind === 'Pod') return [{ id: idOf(object), spec: object['spec'] }];
    if (object.kind !== 'Deployment') return [];
    return [{ id: idOf(object), spec: podHolder.parse(object).spec.template?.spec }];
  });
}

describeWithHelm('every object of a release', () => {
  const releases = Object.entries(listReleases());

  it.each(releases)(
    'has a name of its own, a namespace, labels and a wave with the values of %s',
    async (_, release) => {
      const objects = (await renderObjects(release)).filter(isOwn);
      const ids = objects.map(idOf);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      for (const object of objects) {
        const { kind, metadata } = object;
        expect(metadata.namespace === undefined, idOf(object)).toBe(CLUSTER_KINDS.includes(kind));
        expect(metadata.labels, idOf(object)).toMatchObject({ 'app.kubernetes.io/part-of': 'tekton-dag' });
        expect(metadata.annotations['argocd.argoproj.io/sync-wave'], idOf(object)).toMatch(/^-?[0-4]$/);
      }
    },
  );

  it('comes in the order of document 001: namespaces, rights, tasks, pipelines, triggers, service', async () => {
    const objects = (await renderObjects(listReleases()['every-feature'] ?? {})).filter(isOwn);
    const waves = objects.flatMap(({ kind, metadata }) =>
      WAVES[kind] === undefined || metadata.annotations['helm.sh/hook'] !== undefined
        ? []
        : [[kind, metadata.annotations['argocd.argoproj.io/sync-wave']]],
    );
    expect(new Set(waves.map(([kind]) => kind))).toEqual(new Set(Object.keys(WAVES)));
    expect(waves).toEqual(waves.map(([kind = '']) => [kind, WAVES[kind]]));
  });

  it('bears the labels and annotations that the values give to all', async () => {
    const set = { commonLabels: { tier: 'ci' }, commonAnnotations: { 'example.com/owner': 'acme' } };
    const objects = await renderObjects({ ...listReleases()['every-feature'], set });
    for (const object of objects.filter(isOwn)) {
      const { kind, metadata } = object;
      expect(metadata.annotations, idOf(object)).toMatchObject({ 'example.com/owner': 'acme' });
      if (!CATALOG_KINDS.includes(kind)) expect(metadata.labels, idOf(object)).toMatchObject({ tier: 'ci' });
    }
  });

  it('stays when the release goes if it holds data or if routers live by it, and Argo CD leaves it', async () => {
    const releases = [{}, listReleases()['every-feature'] ?? {}];
    const objects = (await Promise.all(releases.map((release) => renderObjects(release)))).flat();
    const stays = ({ metadata }: ChartObject): boolean =>
      metadata.annotations['helm.sh/resource-policy'] === 'keep';
    expect(new Set(objects.filter(stays).map(kindAndPart))).toEqual(new Set(STAYS));
    expect(objects.filter((object) => STAYS.includes(kindAndPart(object)) && !stays(object))).toEqual([]);
    for (const { metadata } of objects.filter(stays)) {
      expect(metadata.annotations, metadata.name).toMatchObject({
        'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      });
    }
  });
});

describeWithHelm('every pod', () => {
  it.each(Object.entries(listReleases()))('is restricted with the values of %s', async (_, release) => {
    const objects = await renderObjects(release);
    const pods = podsOf(objects);
    expect(pods.length > 0).toBe(objects.some(({ kind }) => kind === 'Deployment'));
    for (const { id, spec } of pods) {
      const { error } = restrictedPod.safeParse(spec);
      expect(error === undefined ? [] : [id, z.prettifyError(error)]).toEqual([]);
    }
  });
});

describeWithHelm('a release', () => {
  it('holds no Secret: it refers to those that are there', async () => {
    for (const release of Object.values(listReleases())) {
      const objects = await renderObjects(release);
      expect(objects.filter(({ kind }) => kind === 'Secret').map(idOf)).toEqual([]);
    }
  });

  it('runs one image, by its digest where one is given', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const set = { image: { registry: 'ghcr.io/acme', repository: 'program', tag: '1', digest } };
    const pods = podsOf(await renderObjects({ set }));
    const images = pods.flatMap(({ spec }) => {
      const { initContainers = [], containers } = restrictedPod.parse(spec);
      return [...initContainers, ...containers].map(({ image }) => image);
    });
    expect(new Set(images)).toEqual(new Set([`ghcr.io/acme/program@${digest}`]));
  });
});

describeWithHelm('two releases', () => {
  const shared = (first: readonly ChartObject[], second: readonly ChartObject[]): string[] => {
    const ids = new Set(first.map(idOf));
    return second.map(idOf).filter((id) => ids.has(id));
  };

  it('of two namespaces share nothing but accounts of a namespace of apps, which one of them can leave out', async () => {
    const common = { 'apps.defaultNamespace': 'staging' };
    const [first, second, without] = await Promise.all([
      renderObjects({ name: 'a', namespace: 'shop', set: common }),
      renderObjects({ name: 'a', namespace: 'bank', set: common }),
      renderObjects({
        name: 'a',
        namespace: 'bank',
        set: { ...common, 'apps.serviceAccounts.create': false },
      }),
    ]);
    expect(shared(first, second).every((id) => id.startsWith('ServiceAccount staging/'))).toBe(true);
    expect(shared(first, without)).toEqual([]);
  });

  it('of one namespace share nothing when the second uses what the first installed', async () => {
    const [first, second] = await Promise.all([
      renderObjects({ name: 'first', namespace: 'shop' }),
      renderObjects({
        name: 'second',
        namespace: 'shop',
        set: {
          'catalog.source': 'existing',
          'serviceAccounts.create': false,
          'apps.serviceAccounts.create': false,
        },
      }),
    ]);
    expect(second.length).toBeGreaterThan(5);
    expect(shared(first, second)).toEqual([]);
  });

  it('of one namespace select no pod of each other', async () => {
    const selectors = await Promise.all(
      ['first', 'second'].map(async (name) => {
        const objects = await renderObjects({ name, namespace: 'shop' });
        const service = objects.find(({ kind }) => kind === 'Service');
        return z.looseObject({ selector: z.record(z.string(), z.string()) }).parse(service?.['spec'])
          .selector;
      }),
    );
    expect(selectors).toEqual(
      ['first', 'second'].map((instance) => ({
        'app.kubernetes.io/name': 'tekton-dag',
        'app.kubernetes.io/instance': instance,
        'app.kubernetes.io/component': 'orchestrator',
      })),
    );
  });
});
