/**
 * The network policies of a release, against every connection that the product needs and against those that must not be: not
 * every cluster's network enforces policies, this evaluation does. Take a rule away, and a line of the tables fails.
 */

import { expect, it } from 'vitest';
import { z } from 'zod';
import { GOLDEN_RELEASES, listReleases } from './rig/chart-releases.ts';
import { idOf, type ChartObject } from './rig/chart-object.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { labelsSchema, type Labels } from './rig/label-selector.ts';
import {
  heldDirections,
  judge,
  parsePolicies,
  type Connection,
  type NetworkPolicy,
  type Outside,
  type Pod,
} from './rig/network-policy.ts';
import { renderObjects } from './rig/render-once.ts';
import type { Release } from './rig/render-release.ts';

const INTERNET: Outside = { address: '203.0.113.7' };
const METADATA: Outside = { address: '169.254.169.254' };
const API_SERVER: Outside = { address: '10.0.0.1' };
const COLLECTOR: Pod = { namespace: 'telemetry', labels: { app: 'collector' } };
const DNS: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const PROMETHEUS: Pod = { namespace: 'monitoring', labels: { app: 'prometheus' } };
const INGRESS: Pod = { namespace: 'ingress', labels: { app: 'controller' } };
const DATABASE: Pod = { namespace: 'databases', labels: { app: 'postgres' } };
const INTERCEPTORS: Pod = { namespace: 'tekton-pipelines', labels: { app: 'core-interceptors' } };
const STRANGER: Pod = { namespace: 'elsewhere', labels: { app: 'stranger' } };

interface ReleasePods {
  readonly policies: readonly NetworkPolicy[];
  readonly orchestrator: Pod;
  readonly test: Pod;
  readonly listener: Pod;
  /** Of a Task that executes code of a pull request. */
  readonly run: Pod;
  /** The same app's baseline, router and pull request, in the namespace of the release. */
  readonly app: Pod;
  readonly router: Pod;
  readonly intercepted: Pod;
  /** Of a Task that has nothing to do with us. */
  readonly otherTask: Pod;
}

const templateSchema = z.looseObject({
  template: z.looseObject({ metadata: z.looseObject({ labels: labelsSchema }) }),
});

/** What Tekton Triggers 0.37 adds to those of the EventListener (pkg/reconciler/eventlistener/resources/meta.go). */
const LISTENER_LABELS = {
  'app.kubernetes.io/managed-by': 'EventListener',
  'app.kubernetes.io/part-of': 'Triggers',
};

async function readRelease(release: Release): Promise<ReleasePods> {
  const objects = await renderObjects(release);
  const { namespace = 'default' } = release;
  const pod = (labels: Labels): Pod => ({ namespace, labels });
  return {
    policies: parsePolicies(objects),
    orchestrator: pod(templateLabels(findObject(objects, 'Deployment'))),
    test: pod(findObject(objects, 'Pod').metadata.labels),
    listener: pod({ ...listenerLabels(objects), ...LISTENER_LABELS }),
    run: pod({ 'tekton-dag.io/run': 'stack-pr-1-abc', 'tekton.dev/taskRun': 'build-api' }),
    app: pod({ 'app.kubernetes.io/name': 'api', 'app.kubernetes.io/managed-by': 'tekton-dag' }),
    router: pod({ 'app.kubernetes.io/name': 'tekton-dag-router' }),
    intercepted: pod({ 'tekton-dag.io/app': 'api', 'tekton-dag.io/run': 'stack-pr-1-abc' }),
    otherTask: pod({ 'tekton.dev/taskRun': 'theirs' }),
  };
}

function findObject(objects: readonly ChartObject[], kind: string): ChartObject {
  const found = objects.find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`the release has no ${kind}`);
  return found;
}

const templateLabels = (object: ChartObject): Labels =>
  templateSchema.parse(object['spec']).template.metadata.labels;

/** None where the release has no EventListener. */
function listenerLabels(objects: readonly ChartObject[]): Labels {
  return objects.find(({ kind }) => kind === 'EventListener')?.metadata.labels ?? {};
}

type Flow = readonly [what: string, connection: Connection];

/** What is so with all values that leave the policies on. */
function neededByAll(pods: ReleasePods): readonly Flow[] {
  const { orchestrator, test, run, app, router, intercepted, otherTask } = pods;
  return [
    ['the orchestrator asks for names', { from: orchestrator, to: DNS, port: 53, protocol: 'UDP' }],
    ['long answers of DNS come by TCP', { from: orchestrator, to: DNS, port: 53 }],
    ['the orchestrator talks to the API server', { from: orchestrator, to: API_SERVER, port: 6443 }],
    ['the orchestrator talks to forges', { from: orchestrator, to: INTERNET, port: 443 }],
    ['the test asks for names', { from: test, to: DNS, port: 53, protocol: 'UDP' }],
    ['the test talks to the API server', { from: test, to: API_SERVER, port: 6443 }],
    ['a run fetches over SSH', { from: run, to: INTERNET, port: 22 }],
    ['a run pushes to a registry', { from: run, to: INTERNET, port: 5000 }],
    ['a run talks to the API server', { from: run, to: API_SERVER, port: 6443 }],
    ['a run sends requests through the router', { from: run, to: router, port: 20_000 }],
    ['the router reaches the baseline', { from: router, to: app, port: 8080 }],
    ['the router reaches the pull request', { from: router, to: intercepted, port: 8080 }],
    ['an app calls another by the router', { from: app, to: router, port: 20_001 }],
    ['a Task that is none of ours is called', { from: STRANGER, to: otherTask, port: 8080 }],
  ];
}

function closedToAll({ orchestrator, test, run }: ReleasePods): readonly Flow[] {
  return [
    ['anybody reads metrics', { from: STRANGER, to: orchestrator, port: 9090 }],
    ['the world reads metrics', { from: INTERNET, to: orchestrator, port: 9090 }],
    ['a run reads metrics', { from: run, to: orchestrator, port: 9090 }],
    ['somebody attaches a debugger', { from: STRANGER, to: orchestrator, port: 9229 }],
    ['Prometheus attaches a debugger', { from: PROMETHEUS, to: orchestrator, port: 9229 }],
    ['the orchestrator asks the cloud who it is', { from: orchestrator, to: METADATA, port: 80 }],
    ['the orchestrator opens a shell elsewhere', { from: orchestrator, to: INTERNET, port: 22 }],
    ['the orchestrator talks plain HTTP', { from: orchestrator, to: STRANGER, port: 8080 }],
    ['the orchestrator sends to UDP ports', { from: orchestrator, to: INTERNET, port: 443, protocol: 'UDP' }],
    ['the test asks the cloud who it is', { from: test, to: METADATA, port: 80 }],
    ['the test calls the orchestrator', { from: test, to: orchestrator, port: 8080 }],
    ['somebody calls the test', { from: STRANGER, to: test, port: 8080 }],
    ['somebody calls a build', { from: STRANGER, to: run, port: 8080 }],
    ['one build calls another', { from: run, to: run, port: 3000 }],
    ['the orchestrator calls a build', { from: orchestrator, to: run, port: 443 }],
  ];
}

interface Case {
  readonly release: Release;
  readonly needed: (pods: ReleasePods) => readonly Flow[];
  readonly closed: (pods: ReleasePods) => readonly Flow[];
}

/** Releases whose values turn the policies off. */
const TURNED_OFF = ['git-catalog'];

const EVERY_FEATURE: Release = GOLDEN_RELEASES['every-feature'];

const CASES: Readonly<Record<string, Case>> = {
  'the default values': {
    release: {},
    needed: ({ orchestrator }) => [
      ['a forge sends a webhook', { from: INTERNET, to: orchestrator, port: 8080 }],
      ['a pod of the cluster uses the API', { from: STRANGER, to: orchestrator, port: 8080 }],
      ['Prometheus reads metrics', { from: PROMETHEUS, to: orchestrator, port: 9090 }],
    ],
    closed: ({ orchestrator }) => [
      ['a database that is not used', { from: orchestrator, to: DATABASE, port: 5432 }],
    ],
  },
  'every feature': {
    release: EVERY_FEATURE,
    needed: ({ orchestrator, listener }) => [
      ['the ingress hands a webhook on', { from: INGRESS, to: orchestrator, port: 8080 }],
      ['Prometheus reads metrics', { from: PROMETHEUS, to: orchestrator, port: 9090 }],
      ['the orchestrator keeps its store', { from: orchestrator, to: DATABASE, port: 5433 }],
      ['the orchestrator sends traces', { from: orchestrator, to: COLLECTOR, port: 4318 }],
      ['more that the values open', { from: orchestrator, to: { address: '10.20.30.40' }, port: 9418 }],
      ['the ingress hands a webhook to Triggers', { from: INGRESS, to: listener, port: 8080 }],
      ['the listener has the signature checked', { from: listener, to: INTERCEPTORS, port: 8443 }],
      ['the listener hands a delivery on', { from: listener, to: orchestrator, port: 8080 }],
      ['the listener talks to the API server', { from: listener, to: API_SERVER, port: 6443 }],
      ['the listener asks for names', { from: listener, to: DNS, port: 53, protocol: 'UDP' }],
    ],
    closed: ({ orchestrator, listener, run }) => [
      ['the ingress attaches a debugger', { from: INGRESS, to: orchestrator, port: 9229 }],
      ['the ingress reads metrics of the listener', { from: INGRESS, to: listener, port: 9000 }],
      ['the listener attaches a debugger', { from: listener, to: orchestrator, port: 9229 }],
      [
        'another port of what the values open',
        { from: orchestrator, to: { address: '10.20.30.40' }, port: 22 },
      ],
      ['the same port elsewhere', { from: orchestrator, to: INTERNET, port: 9418 }],
      ['a stranger sends a webhook', { from: STRANGER, to: orchestrator, port: 8080 }],
      ['the world sends a webhook past the ingress', { from: INTERNET, to: orchestrator, port: 8080 }],
      ['a build uses the API', { from: run, to: orchestrator, port: 8080 }],
      ['a stranger sends a webhook to Triggers', { from: STRANGER, to: listener, port: 8080 }],
      ['the listener hands deliveries to others', { from: listener, to: STRANGER, port: 8080 }],
      ['the listener reads metrics', { from: listener, to: orchestrator, port: 9090 }],
      ['the default port of a database', { from: orchestrator, to: DATABASE, port: 5432 }],
    ],
  },
};

const allows = (policies: readonly NetworkPolicy[], connection: Connection): boolean => {
  const { out, in: into } = judge(policies, connection);
  return out && into;
};

const verdicts = (policies: readonly NetworkPolicy[], flows: readonly Flow[]): readonly string[] =>
  flows.map(([what, connection]) => `${what}: ${allows(policies, connection) ? 'yes' : 'no'}`);

/** What a rule closes on one side the other side may close as well: both are told. */
const fingerprint = (policies: readonly NetworkPolicy[], flows: readonly Flow[]): string =>
  JSON.stringify(flows.map(([, connection]) => judge(policies, connection)));

/** The value with one item of one of its lists less, however deep, and the path of that item. */
function* withoutOneItem(value: unknown, path = ''): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const at = `${path}[${index}]`;
      yield [at, value.toSpliced(index, 1)];
      for (const [below, less] of withoutOneItem(item, at)) yield [below, value.with(index, less)];
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      for (const [below, less] of withoutOneItem(item, `${path}.${key}`))
        yield [below, { ...value, [key]: less }];
  }
}

/** The policies with one of them less, or with one item of a list in one of them less: a rule, a peer, a port. */
function* weakenings(
  objects: readonly ChartObject[],
): Generator<readonly [string, readonly NetworkPolicy[]]> {
  for (const [index, object] of objects.entries()) {
    yield [object.metadata.name, parsePolicies(objects.toSpliced(index, 1))];
    for (const [path, spec] of withoutOneItem(object['spec'], object.metadata.name))
      yield [path, parsePolicies(objects.with(index, { ...object, spec }))];
  }
}

describeWithHelm('the network policies of a release', () => {
  const cases = Object.entries(CASES);
  const flowsOf = ({ needed, closed }: Case, pods: ReleasePods): readonly (readonly Flow[])[] => [
    [...neededByAll(pods), ...needed(pods)],
    [...closedToAll(pods), ...closed(pods)],
  ];

  it.each(cases)('let through what is needed, and nothing else, with %s', async (_, one) => {
    const pods = await readRelease(one.release);
    const [needed = [], closed = []] = flowsOf(one, pods);
    expect(verdicts(pods.policies, needed)).toEqual(needed.map(([what]) => `${what}: yes`));
    expect(verdicts(pods.policies, closed)).toEqual(closed.map(([what]) => `${what}: no`));
  });

  it.each(cases)('have no part that these connections would not miss, with %s', async (_, one) => {
    const pods = await readRelease(one.release);
    const flows = flowsOf(one, pods).flat();
    const whole = fingerprint(pods.policies, flows);
    const objects = await renderObjects(one.release);
    const weaker = [...weakenings(objects.filter(({ kind }) => kind === 'NetworkPolicy'))];
    expect(weaker.length).toBeGreaterThan(10);
    const idle = weaker.filter(([, policies]) => fingerprint(policies, flows) === whole);
    expect(idle.map(([name]) => name)).toEqual([]);
  });

  it.each(Object.entries(listReleases()))(
    'close every pod in both directions with %s',
    async (name, release) => {
      const objects = await renderObjects(release);
      const policies = parsePolicies(objects);
      expect(policies.length === 0).toBe(TURNED_OFF.includes(name));
      const pods = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'Pod');
      for (const object of policies.length === 0 ? [] : pods) {
        const { namespace = '' } = object.metadata;
        const labels = object.kind === 'Pod' ? object.metadata.labels : templateLabels(object);
        expect(heldDirections(policies, { namespace, labels }), idOf(object)).toEqual(['Ingress', 'Egress']);
      }
    },
  );

  it('open no port out but that of DNS where the values name none', async () => {
    const { policies, orchestrator } = await readRelease({ set: { 'networkPolicy.egressPorts': [] } });
    const ports = [53, 80, 443, 6443, 8080];
    const open = ports.filter((port) => allows(policies, { from: orchestrator, to: INTERNET, port }));
    expect(open).toEqual([53]);
  });

  it('let nobody read metrics where the values name nobody', async () => {
    const { policies, orchestrator } = await readRelease({ set: { 'networkPolicy.metricsFrom': [] } });
    expect(allows(policies, { from: PROMETHEUS, to: orchestrator, port: 9090 })).toBe(false);
  });

  it('are not there when they are turned off', async () => {
    const { policies } = await readRelease({ set: { 'networkPolicy.enabled': false } });
    expect(policies).toEqual([]);
  });
});
