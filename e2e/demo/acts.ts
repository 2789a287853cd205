/** The acts of the demo, each a list of claims with their evidence; a claim that does not hold is a row that FAILED. */

import { kinds } from '@tekton-dag/kube';
import {
  parseBaseline,
  parseImages,
  parseOriginalTraffic,
  parsePropagation,
  parseRelease,
  parseTests,
  type Result,
} from '@tekton-dag/model';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OWNER } from './demo-repositories.ts';
import { followRun, waitForTask, type FollowedRun } from './follow-run.ts';
import { describeAnswer, probeStack, versionOf, type Hop, type Probe } from './probe-stack.ts';
import { renderPullRequestPayload, type PullRequestChange } from './pull-request-payload.ts';
import { APPS, type Stage } from './start-stage.ts';

export interface Claim {
  readonly step: string;
  readonly ok: boolean;
  readonly evidence: string;
}

export interface PullRequest {
  readonly app: string;
  readonly number: number;
  readonly title: string;
  readonly branch: string;
  readonly headSha: string;
  readonly baseSha: string;
}

const ENTRY = 'demo-fe';
const APP_NAMESPACE = 'staging';
const startedSchema = z.looseObject({ pipelinerun: z.string() });

function read<T>(run: FollowedRun, key: string, parse: (text: string) => Result<T, unknown>): T | undefined {
  const text = run.record[key];
  const parsed = text === undefined ? undefined : parse(text);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** Sends the signed webhook as GitHub would; returns the name of the run it made. */
async function deliver(stage: Stage, { app, ...change }: PullRequest, mergeSha?: string): Promise<string> {
  const closed = mergeSha === undefined ? undefined : ({ action: 'closed', mergeSha } as const);
  const payload: PullRequestChange = {
    action: 'opened',
    owner: OWNER,
    repository: app,
    ...change,
    ...closed,
  };
  const file = join(stage.root, `payload-${change.number}-${payload.action}.json`);
  await writeFile(file, renderPullRequestPayload(payload));
  const url = `${stage.orchestratorUrl}/webhook/github`;
  const args = ['--url', url, '--event', 'pull_request', '--payload', file];
  const sent = await stage.cli(['webhook', 'send', '--secret-file', stage.webhookSecretFile, ...args]);
  if (sent.exitCode !== 0) throw new Error(`the webhook was refused:\n${sent.stderr}${sent.stdout}`);
  return startedSchema.parse(JSON.parse(sent.stdout)).pipelinerun;
}

/** Fills the baseline: all apps of the stack. */
export async function bootstrapStack(stage: Stage): Promise<Claim[]> {
  const { pipelinerun } = startedSchema.parse(
    await stage.post('/api/bootstrap', { stack_file: 'stacks/stack-one.yaml' }),
  );
  const run = await followRun(stage, pipelinerun);
  const images = Object.keys(read(run, 'images.json', parseImages) ?? {});
  const { items } = await stage.client.resource(kinds.deployments, APP_NAMESPACE).list();
  const ready = items
    .filter(({ status }) => (status?.readyReplicas ?? 0) > 0)
    .map(({ metadata }) => metadata?.name ?? '');
  const evidence = `${run.name}: ${images.length} images built, ready: ${ready.join(', ')}`;
  return [{ step: 'bootstrap', ok: run.succeeded && images.length === APPS.length, evidence }];
}

const describeHops = (hops: readonly Hop[]): string =>
  hops
    .map(({ caller, service, backend, pod }) => `${caller ?? 'outside'} -> ${service} = ${backend}/${pod}`)
    .join('; ');

function judgeTagged(probe: Probe, app: string, session: string): Claim {
  const hop = probe.hops.find(({ service }) => service === app);
  const ok =
    hop?.backend === `${app}-${session}` && probe.servedBy !== null && probe.hops.length === APPS.length;
  return { step: 'tagged request', ok, evidence: describeHops(probe.hops) };
}

function judgeUntagged(probe: Probe, tagged: Probe, app: string): Claim {
  const ok =
    probe.status === 200 &&
    probe.servedBy === null &&
    versionOf(probe.answer, app) !== versionOf(tagged.answer, app);
  const evidence = `${describeAnswer(probe.answer)} (baseline; tagged: ${describeAnswer(tagged.answer)})`;
  return { step: 'untagged request', ok, evidence };
}

/** Our own requests, made while the pull request's pod is there: between deploy-intercepts and cleanup. */
async function probeDuring(stage: Stage, name: string, app: string): Promise<Claim[]> {
  await waitForTask(stage, name, 'deploy-intercepts-gateway');
  const run = await stage.client.resource(kinds.pipelineruns, 'tekton-pipelines').get(name);
  const session = run?.metadata?.labels?.['tekton-dag.io/session'] ?? '';
  const tagged = await probeStack(stage.client, ENTRY, session);
  const untagged = await probeStack(stage.client, ENTRY, undefined);
  return [judgeTagged(tagged, app, session), judgeUntagged(untagged, tagged, app)];
}

function judgePullRequest(run: FollowedRun, app: string): Claim {
  const images = read(run, 'images.json', parseImages) ?? {};
  const propagation = read(run, 'propagation.json', parsePropagation);
  const original = read(run, 'original-traffic.json', parseOriginalTraffic);
  const tests = read(run, 'tests.json', parseTests);
  const count = tests?.results.reduce((sum, result) => sum + result.tests, 0) ?? 0;
  const verdicts = [propagation?.verdict, original?.verdict, tests?.verdict];
  const ok =
    run.succeeded &&
    Object.keys(images).join() === app &&
    verdicts.every((verdict) => verdict === 'passed') &&
    count > 0;
  const evidence = `${run.name}: built ${Object.keys(images).join()} alone; propagation ${verdicts[0]}, original traffic ${verdicts[1]}, ${count} tests ${verdicts[2]}`;
  return { step: `pull request ${run.session}`, ok, evidence };
}

/** Opens a pull request that is well, and asks the stack from outside while its run is under way. */
export async function testGoodPullRequest(stage: Stage, change: PullRequest): Promise<Claim[]> {
  const name = await deliver(stage, change);
  const [run, probes] = await Promise.allSettled([
    followRun(stage, name),
    probeDuring(stage, name, change.app),
  ]);
  if (run.status === 'rejected') throw run.reason;
  const claims =
    probes.status === 'fulfilled'
      ? probes.value
      : [{ step: 'requests from outside', ok: false, evidence: String(probes.reason) }];
  return [judgePullRequest(run.value, change.app), ...claims];
}

/** Merges it: the version moves, the image is tagged, the baseline runs it. */
export async function mergePullRequest(stage: Stage, change: PullRequest): Promise<Claim[]> {
  const mergeSha = await stage.repositories.merge(change.app, change.branch);
  const run = await followRun(stage, await deliver(stage, change, mergeSha));
  const baseline = read(run, 'baseline.json', parseBaseline)?.apps[change.app];
  const probe = await probeStack(stage.client, ENTRY, undefined);
  const moved = baseline?.changed === true && probe.status === 200;
  return [
    await judgeRelease(stage, run, change.app, baseline?.digest),
    { step: 'merge: baseline', ok: moved, evidence: describeAnswer(probe.answer) },
  ];
}

/** One digest everywhere: what the release says, what the tag names, what the baseline runs. */
async function judgeRelease(
  stage: Stage,
  run: FollowedRun,
  app: string,
  running: string | undefined,
): Promise<Claim> {
  const released = read(run, 'release.json', parseRelease)?.apps[app];
  if (released === undefined) return { step: 'merge: released', ok: false, evidence: run.message };
  const tagged = await digestOfTag(stage, app, `v${released.released}`);
  const versions = await stage.repositories.readPlatformFile('stacks/versions.yaml');
  const same = tagged === released.digest && running === released.digest;
  const evidence = `${run.name}: ${app} v${released.released} = ${released.digest.slice(0, 19)}; next ${released.next} in versions.yaml`;
  return { step: 'merge: released', ok: run.succeeded && same && versions.includes(released.next), evidence };
}

async function digestOfTag({ registryHost }: Stage, app: string, tag: string): Promise<string | undefined> {
  const response = await fetch(`http://${registryHost}/v2/${app}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  return response.headers.get('docker-content-digest') ?? undefined;
}

/** Opens a pull request that drops the header: its run must fail and name the edge. */
export async function testDroppingPullRequest(
  stage: Stage,
  change: PullRequest,
  edge: { readonly caller: string; readonly callee: string },
): Promise<Claim[]> {
  const run = await followRun(stage, await deliver(stage, change));
  const propagation = read(run, 'propagation.json', parsePropagation);
  const broken = propagation?.edges.filter(({ verdict }) => verdict === 'failed') ?? [];
  const named = broken.length === 1 && broken[0]?.caller === edge.caller && broken[0].callee === edge.callee;
  const evidence = broken.map(({ caller, callee, detail }) => `${caller} -> ${callee}: ${detail}`).join('; ');
  return [
    { step: 'dropped header', ok: !run.succeeded && named, evidence: `run failed as it must. ${evidence}` },
    await judgeLeftovers(stage),
  ];
}

/** After the runs: no object of any session is left beside the baseline. */
async function judgeLeftovers({ client }: Stage): Promise<Claim> {
  const labelSelector = 'tekton-dag.io/session';
  const lists = await Promise.all(
    [kinds.deployments, kinds.services, kinds.httproutes, kinds.pods].map(async (kind) =>
      (await client.resource(kind, APP_NAMESPACE).list({ labelSelector })).items.map(
        ({ metadata }) => `${kind.kind} ${metadata?.name ?? ''}`,
      ),
    ),
  );
  const left = lists.flat();
  const evidence = left.length === 0 ? 'no pod, Service or route of a pull request is left' : left.join(', ');
  return { step: 'clean-up', ok: left.length === 0, evidence };
}
