/** webhooksConfigure: every repository of the stacks delivers its pull requests to the orchestrator, signed. */

import { kinds } from '@tekton-dag/kube';
import { parseStack, type Stack } from '@tekton-dag/model';
import { randomBytes } from 'node:crypto';
import { applyManifest } from '../catalog/apply-manifest.ts';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { listStackFiles } from '../list-stack-files.ts';
import { planSecret, SECRET } from '../namespace/plan-secret.ts';
import { readWebhookSecret } from '../namespace/read-secrets.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { readInputFile } from '../read-input-file.ts';
import { readTeam } from '../read-team.ts';
import { configureHook } from '../webhooks/configure-hook.ts';
import { createGitHub, type GitHub } from '../webhooks/create-github.ts';
import { findRepositories } from '../webhooks/find-repositories.ts';
import type { HookPlan } from '../webhooks/plan-hook.ts';
import { readGitHubToken } from '../webhooks/read-github-token.ts';

export interface WebhooksConfigureOptions extends ClusterOptions {
  readonly url: URL;
  readonly webhookSecret?: string;
  readonly stack?: string;
  readonly stacksDir: string;
  readonly team?: string;
  readonly apiUrl?: string;
  readonly dryRun?: boolean;
}

/** Says of each repository what was done. Exit code 4 when one could not be configured; the others are, all the same. */
export async function webhooksConfigure(host: CliHost, options: WebhooksConfigureOptions): Promise<number> {
  const team = await readTeam(host, options.team, options);
  const forgeHost = team?.host ?? 'github.com';
  const repositories = findRepositories(await readStacks(host, options), forgeHost);
  const github = createGitHub({
    apiUrl: checkApiUrl(options.apiUrl ?? host.env['GITHUB_API_URL'] ?? apiUrlOf(forgeHost)),
    token: await readGitHubToken(host),
    signal: host.signal,
  });
  const namespace = options.namespace ?? team?.namespace;
  const cluster = { ...options, ...(namespace === undefined ? {} : { namespace }) };
  const secret = options.dryRun === true ? undefined : await settleSecret(host, cluster);
  const failures = await configureAll(host, github, { repositories, url: endpointOf(options.url), secret });
  return failures === 0 ? EXIT.ok : EXIT.unreachable;
}

/** GitHub docs, "Getting started with the REST API": a GitHub Enterprise Server has its API below /api/v3. */
function apiUrlOf(forgeHost: string): string {
  return forgeHost === 'github.com' ? 'https://api.github.com' : `https://${forgeHost}/api/v3`;
}

/** The token goes there: only over TLS, or to this machine. */
function checkApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || isLocal) return text.replace(/\/$/, '');
  throw new CliFailure(EXIT.usage, `--api-url ${text}: the token is sent to https URLs only`);
}

/** A URL without a path is that of the orchestrator itself. */
function endpointOf(url: URL): string {
  return url.pathname === '/' ? new URL('/webhook/github', url).href : url.href;
}

/** Names of stacks and files of stacks, by commas; none: all of the directory. */
async function readStacks(host: CliHost, options: WebhooksConfigureOptions): Promise<Stack[]> {
  const named = (options.stack ?? '').split(',').filter((name) => name !== '');
  const files = named.map((name) =>
    /[/.]/.test(name) ? name : `${options.stacksDir.replace(/\/$/, '')}/${name}.yaml`,
  );
  const all = files.length > 0 ? files : await listStackFiles(host, options.stacksDir);
  if (all.length === 0) throw new CliFailure(EXIT.invalidInput, `${options.stacksDir} holds no stack`);
  return Promise.all(all.map((file) => readInputFile(host, file, parseStack, options)));
}

/** The given secret, else the one that the cluster has, else a new one; it is in the cluster before GitHub knows it. */
async function settleSecret(host: CliHost, options: WebhooksConfigureOptions): Promise<string> {
  await using cluster = await openCluster(host, options);
  const given =
    options.webhookSecret === undefined ? undefined : await readWebhookSecret(host, options.webhookSecret);
  const present = await readPresentSecret(cluster);
  const secret = given ?? present ?? randomBytes(32).toString('hex');
  if (secret === present) return secret;
  const manifest = planSecret(SECRET.webhookSecret, cluster.namespace, { secret });
  const change = await applyManifest(cluster.client, manifest, cluster.namespace);
  host.stdout.write(`secret/${SECRET.webhookSecret} in ${cluster.namespace} ${change}\n`);
  return secret;
}

async function readPresentSecret({ client, namespace }: Cluster): Promise<string | undefined> {
  const secret = await client.resource(kinds.secrets, namespace).get(SECRET.webhookSecret);
  const encoded = secret?.data?.['secret'];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

interface HookOrders {
  readonly repositories: readonly string[];
  readonly url: string;
  readonly secret: string | undefined;
}

/** Returns how many could not be configured. */
async function configureAll(
  host: CliHost,
  github: GitHub,
  { repositories, url, secret }: HookOrders,
): Promise<number> {
  const { GITHUB_EVENTS } = await import('@tekton-dag/orchestrator');
  let failures = 0;
  for (const repository of repositories) {
    const outcome = await configureHook(github, repository, { url, events: GITHUB_EVENTS, secret });
    if (outcome.ok) host.stdout.write(`${repository}: ${describe(outcome.value, secret === undefined)}\n`);
    else host.stderr.write(`error: ${repository}: ${outcome.error}\n`);
    failures += outcome.ok ? 0 : 1;
  }
  return failures;
}

function describe({ action, reasons, duplicates }: HookPlan, dryRun: boolean): string {
  const done = { create: 'created', update: 'updated', keep: 'as wanted; its secret is set again' };
  const planned = { create: 'would be created', update: 'would be updated', keep: 'as wanted' };
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  const more =
    duplicates.length === 0 ? '' : `; hooks ${duplicates.join(', ')} have the same URL: delete them`;
  return `webhook ${(dryRun ? planned : done)[action]}${why}${more}`;
}
