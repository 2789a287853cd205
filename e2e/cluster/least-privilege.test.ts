/**
 * Who may do what: the whole job with exactly the accounts of the catalog, and then what the API server's audit log says
 * of them. AUDIT_LOG names that log.
 */

import { kinds, type Pod, type Secret } from '@tekton-dag/kube';
import { LABEL } from '@tekton-dag/model';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliCommand } from '../demo/run-cli.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { startRigOrchestrator } from '../rig/rig-orchestrator.ts';
import type { RunOutcome } from '../rig/run-outcome.ts';
import { writeAccountKubeconfig } from './rig/account-kubeconfig.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { findRunningBuild } from './rig/find-running-build.ts';
import { findSecrets } from './rig/find-secrets.ts';
import { listLeftovers, plantLeftovers, RESTRICTED } from './rig/leftovers.ts';
import { endOfAuditLog, readAuditLog, type AuditPlace } from './rig/read-audit-log.ts';
import { readGrants, type Grant } from './rig/read-grants.ts';
import { summarizeAudit, type AuditSummary } from './rig/summarize-audit.ts';
import { containersWithToken, tokenVolumesOf } from './rig/tokens-of-pod.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');
/** Several runs, one after the other. */
const TEST_TIMEOUT_MS = 1_200_000;
const RUN_TIMEOUT_MS = 600_000;
const AUDIT_LOG = process.env['AUDIT_LOG'] ?? '';
const NO_AUDIT_LOG = 'the audit log (AUDIT_LOG is not set: this cluster keeps it to itself)';
/** Tekton's own; with its setting set-security-context they pass, too (docs/security.md). */
const TEKTON_CONTAINERS = new Set(['prepare', 'place-scripts', 'working-dir-initializer']);

const SSH_SECRET = 'git-key';
const REGISTRY_SECRET = 'registry';
const planted = {
  sshKey: `planted-ssh-${randomBytes(8).toString('hex')}`,
  registryPassword: `planted-registry-${randomBytes(8).toString('hex')}`,
};

let rig: ClusterRig;
let auditStart: AuditPlace | undefined;
let orchestratorToken = '';
let routerToken = '';

const LOOK = 'node look-for-secrets.ts';
const STACK = {
  name: 'shop',
  apps: {
    front: { downstream: ['middle'], tests: { command: LOOK.split(' ') } },
    middle: { downstream: ['back'] },
    back: {},
  },
};
const APPS = Object.keys(STACK.apps);

const namespaces = (): string[] => [rig.namespace, rig.appsNamespace];

const secretOf = (name: string, fields: object): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: rig.namespace },
  ...fields,
});

async function plantSecrets(): Promise<void> {
  const secrets = rig.client.resource<Secret>(kinds.secrets, rig.namespace);
  const stringData = { id_ed25519: planted.sshKey, known_hosts: 'forge ssh-ed25519 AAAA' };
  await secrets.create(secretOf(SSH_SECRET, { stringData }));
  const auth = Buffer.from(`robot:${planted.registryPassword}`).toString('base64');
  const config = JSON.stringify({ auths: { [rig.settings.registry]: { auth } } });
  await secrets.create(
    secretOf(REGISTRY_SECRET, {
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': config },
    }),
  );
}

/** A team's own Task, for a hook. */
async function createHookTask(): Promise<void> {
  const step = {
    name: 'say',
    image: rig.settings.image,
    command: ['tekton-dag', 'version'],
    securityContext: RESTRICTED,
  };
  await rig.client.resource(kinds.tasks, rig.namespace).create({
    apiVersion: 'tekton.dev/v1',
    kind: 'Task',
    metadata: { name: 'say-version', namespace: rig.namespace },
    spec: { params: [{ name: 'run-name' }], steps: [step] },
  });
}

beforeAll(async () => {
  if (AUDIT_LOG !== '') auditStart = await endOfAuditLog(AUDIT_LOG);
  const labels = { 'pod-security.kubernetes.io/audit': 'restricted' };
  rig = await createClusterRig({ namespaceLabels: labels, timeoutMs: RUN_TIMEOUT_MS });
  await Promise.all([plantSecrets(), createHookTask()]);
  const apps = Object.entries(STACK.apps).map(([app, settings]) => [
    app,
    { ...settings, build: { tool: 'none', 'build-command': LOOK } },
  ]);
  await rig.writeStack({ name: STACK.name, apps: Object.fromEntries(apps) });
  const look = await readFile(join(import.meta.dirname, 'rig', 'look-for-secrets.ts'), 'utf8');
  for (const app of APPS) await rig.pushApp(app, { 'look-for-secrets.ts': look });
}, TEST_TIMEOUT_MS);
afterAll(async () => await rig[Symbol.asyncDispose]());

const COMMON = (): string[] => [
  '--ssh-secret',
  SSH_SECRET,
  '--registry-secret',
  REGISTRY_SECRET,
  '--param',
  `default-namespace=${rig.appsNamespace}`,
];

interface Change {
  readonly number: number;
  readonly app: string;
  readonly files: Readonly<Record<string, string>>;
}

async function createPullRequest({ number, app, files }: Change, ...args: string[]): Promise<string> {
  const sha = await rig.pushApp(app, files, `change-${number}`);
  const change = ['--app', app, '--pr', String(number), '--sha', sha];
  return await rig.createRun('pr', STACK.name, ...change, ...COMMON(), ...args);
}

const behaviour = (fields: object): Record<string, string> => ({ 'behaviour.json': JSON.stringify(fields) });

function expectSuccess(run: RunOutcome): void {
  expect(run.succeeded, explainOutcome(run)).toBe(true);
}

const podsOf = async (run: string): Promise<Pod[]> =>
  (await rig.client.resource<Pod>(kinds.pods, rig.namespace).list({ labelSelector: `${LABEL.run}=${run}` }))
    .items;

describe('the whole job with the accounts of the catalog', { timeout: TEST_TIMEOUT_MS }, () => {
  it('bootstraps the stack; the pods that execute code of the apps see no credentials', async () => {
    const run = await rig.run('bootstrap', STACK.name, ...COMMON());
    expectSuccess(run);
    const secret = await rig.client
      .resource<Secret>(kinds.secrets, rig.appsNamespace)
      .get('tekton-dag-router');
    routerToken = Buffer.from(secret?.data?.['token'] ?? '', 'base64').toString('utf8');
    const builds = (await podsOf(run.name)).filter(
      ({ spec }) => spec?.serviceAccountName === 'tekton-dag-build',
    );
    expect(builds).toHaveLength(APPS.length);
    for (const pod of builds) expect(tokenVolumesOf(pod)).toEqual([]);
  });

  it('tests a pull request; the step that executes its tests has no token', async () => {
    const run = await createPullRequest({ number: 1, app: 'middle', files: behaviour({ version: '2' }) });
    expectSuccess(await rig.finish(run));
    const test = (await podsOf(run)).find(
      ({ metadata }) => metadata?.labels?.['tekton.dev/pipelineTask'] === 'test',
    );
    expect(test === undefined ? [] : containersWithToken(test)).toEqual(['step-fetch', 'step-report']);
  });

  it('fails pull requests whose build fails, whose app crashes, and that drop the session', async () => {
    const fails = { 'look-for-secrets.ts': 'process.exit(7)' };
    const runs = [
      await createPullRequest(
        { number: 2, app: 'back', files: fails },
        '--param',
        'pre-build-task=say-version',
      ),
      await createPullRequest({ number: 3, app: 'front', files: behaviour({ crash: 'no database' }) }),
      await createPullRequest({ number: 4, app: 'middle', files: behaviour({ dropSession: true }) }),
    ];
    const [build, crash, drop] = await Promise.all(runs.map(async (run) => await rig.finish(run)));
    expect(build?.failedStepLogs.join()).toMatch(/BUILD_FAILED|exit code 7/);
    expect(crash?.failedStepLogs.join()).toContain('no database');
    expect(drop?.record['propagation.json']).toContain('middle');
    const rerun = await rig.cli('run', 'rerun', drop?.name ?? '', '-n', rig.namespace);
    const again = await rig.finish(rerun.stdout.trim().replace(/^.*\//, ''));
    expect(again.record['continued.json'], explainOutcome(again)).toContain(drop?.name);
  });

  it('verifies the graph, merges and releases', async () => {
    expectSuccess(await rig.run('verify', STACK.name, '--ssh-secret', SSH_SECRET));
    const sha = await rig.pushApp('middle', behaviour({ version: '4' }));
    const change = ['--app', 'middle', '--repository', 'acme/middle', '--pr', '1', '--sha', sha];
    expectSuccess(await rig.run('merge', STACK.name, ...change, ...COMMON()));
  });

  it('is started by a webhook and cancelled by another, with nothing left', async () => {
    const directory = join(rig.forge.directory, 'orchestrator');
    const teamsDir = join(directory, 'teams');
    await mkdir(join(teamsDir, 'default'), { recursive: true });
    const team: unknown = JSON.parse(await readFile(rig.teamFile, 'utf8'));
    const text = JSON.stringify({ ...Object(team), stacks: [`stacks/${STACK.name}.yaml`] });
    await writeFile(join(teamsDir, 'default', 'team.yaml'), text);
    const kubeconfigPath = join(directory, 'kubeconfig');
    const { namespace, settings } = rig;
    const account = 'tekton-dag-orchestrator';
    const { kubeconfig } = settings;
    orchestratorToken = await writeAccountKubeconfig(rig.client, {
      kubeconfig,
      namespace,
      account,
      file: kubeconfigPath,
    });
    const orchestrator = await startRigOrchestrator({
      root: directory,
      command: cliCommand(CHECKOUT),
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: directory,
        TEKTON_DAG_IMAGE: settings.image,
        TEKTON_DAG_DEFAULT_NAMESPACE: rig.appsNamespace,
      },
      kubeconfigPath,
      platformDir: join(rig.forge.directory, 'work', 'acme', 'platform'),
      teamsDir,
    });
    try {
      const hangs = { 'look-for-secrets.ts': 'setInterval(() => undefined, 60_000)' };
      const headSha = await rig.pushApp('back', hangs, 'change-9');
      const change = { repository: 'acme/back', number: 9, headRef: 'change-9', headSha };
      expect((await orchestrator.deliver(change)).status).toBeLessThan(300);
      const { name, session } = await findRunningBuild(rig, { number: 9, app: 'back' }, RUN_TIMEOUT_MS);
      const logs = await orchestrator.readStream(`/api/runs/${namespace}/${name}/logs`, /^event: line$/m);
      expect(logs).toContain('"task":"prepare"');
      const leftovers = { namespace: rig.appsNamespace, session };
      await plantLeftovers(rig.client, { ...leftovers, image: settings.image });
      const closed = { ...change, action: 'closed', updatedAt: '2026-01-02T05:00:00Z' };
      expect((await orchestrator.deliver(closed)).status).toBeLessThan(300);
      expect((await rig.finish(name)).reason).toMatch(/^Cancelled/);
      await expect.poll(() => listLeftovers(rig.client, leftovers), { timeout: 300_000 }).toEqual([]);
    } finally {
      await orchestrator.stop();
    }
  });
});

describe.skipIf(AUDIT_LOG === '')(AUDIT_LOG === '' ? NO_AUDIT_LOG : 'the audit log', () => {
  let summary: AuditSummary;
  beforeAll(async () => {
    const granted = (file: string): Promise<Grant[]> => readGrants(join(CHECKOUT, 'pipeline', file));
    const texts = namespaces().flatMap((namespace) => [`"${namespace}"`, `:${namespace}:`]);
    summary = summarizeAudit(await readAuditLog(AUDIT_LOG, { from: auditStart, texts }), [
      { namespace: rig.namespace, granted: await granted('rbac.yaml') },
      { namespace: rig.appsNamespace, granted: await granted('rbac-apps.yaml') },
    ]);
  });

  it('has calls of all accounts that have a token, and of none that has not', () => {
    const accounts = ['tekton-dag-pipeline', 'tekton-dag-orchestrator', 'tekton-dag-router'];
    expect(summary.accounts).toEqual(new Set(accounts));
  });

  it('has no call that was refused', () => expect(summary.refused).toEqual([]));

  it('has no call outside the namespaces of the runs and the apps', () =>
    expect(summary.outside).toEqual([]));

  it('has every right that the catalog grants in use', () => expect(summary.unused).toEqual([]));

  it('has no call that only a right for another namespace allows', () => expect(summary.beyond).toEqual([]));

  it("has no container but Tekton's own that Pod Security restricted would refuse", () => {
    expect(summary.unrestricted.size).toBeGreaterThan(0);
    expect([...summary.unrestricted].filter((name) => !TEKTON_CONTAINERS.has(name))).toEqual([]);
  });
});

describe('secrets', () => {
  it('stand in no log, record, event, status or other object', { timeout: 600_000 }, async () => {
    const secrets = { ...planted, routerToken, orchestratorToken };
    expect(Object.values(secrets)).not.toContain('');
    for (const namespace of namespaces()) {
      expect(await findSecrets(rig.client, { namespace, secrets })).toEqual([]);
    }
  });
});
