/** sendToGitHub: requests through octokit, as a token's owner or as the installation of an App. Loaded when first used. */

import type { Octokit } from '@octokit/core';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ForgeEntry } from '../forge-file.ts';
import type { ForgeAnswer, ForgeRequest, SendToForge } from '../forge-request.ts';
import { ForgeError } from '../forge-error.ts';

const USER_AGENT = 'tekton-dag';
/** GitHub docs, "API Versions". */
const API_VERSION = '2022-11-28';
/** What is new on the way to GitHub: credentials are read again after this, or at once when they are refused. */
const CREDENTIAL_MAX_AGE_MS = 300_000;

const installation = z.object({ id: z.number().int().positive() });

/** Who asks: the token's owner, the App itself (of `/app` and of its installations), or its installation at an owner. */
export function sendToGitHub(entry: ForgeEntry): SendToForge {
  const identities = createIdentities(entry);
  return async (request, headers, signal) => {
    const octokit = await identities.for(request, signal);
    const answer = await ask(octokit, request, headers, signal);
    if (answer.status === 401) identities.forget();
    return answer;
  };
}

interface Identities {
  for(request: ForgeRequest, signal: AbortSignal): Promise<Octokit>;
  forget(): void;
}

function createIdentities(entry: ForgeEntry): Identities {
  let made: { readonly atMs: number; readonly by: Map<string, Promise<Octokit>> } | undefined;
  const remember = (key: string, make: () => Promise<Octokit>): Promise<Octokit> => {
    if (made === undefined || Date.now() - made.atMs > CREDENTIAL_MAX_AGE_MS) {
      made = { atMs: Date.now(), by: new Map() };
    }
    const { by } = made;
    const known = by.get(key);
    if (known !== undefined) return known;
    const fresh = make();
    by.set(key, fresh);
    // A failure is not remembered: the next request tries anew.
    fresh.catch(() => by.delete(key));
    return fresh;
  };
  return {
    forget: () => {
      made = undefined;
    },
    for: (request, signal) => {
      const { app } = entry;
      if (app === undefined) return remember('token', () => createOctokit(entry, undefined));
      const asApp = (): Promise<Octokit> => remember('app', () => createOctokit(entry, undefined));
      const [, scope, owner = '', name = ''] = request.path.split('/');
      if (scope === 'app') return asApp();
      if (app.installationId !== undefined) {
        return remember('installation', () => createOctokit(entry, app.installationId));
      }
      return remember(`owner ${owner.toLowerCase()}`, async () => {
        const path =
          scope === 'orgs' ? `/orgs/${owner}/installation` : `/repos/${owner}/${name}/installation`;
        return createOctokit(entry, await findInstallation(await asApp(), path, signal));
      });
    },
  };
}

async function findInstallation(octokit: Octokit, path: string, signal: AbortSignal): Promise<number> {
  const answer = await ask(octokit, { operation: 'find-installation', method: 'GET', path }, {}, signal);
  const found = installation.safeParse(answer.data);
  if (answer.status === 200 && found.success) return found.data.id;
  if (answer.status === 404) throw new ForgeError('forbidden', 'the App is not installed there');
  throw new ForgeError(
    answer.status === 401 ? 'unauthorized' : 'unavailable',
    `find-installation: HTTP ${answer.status}`,
  );
}

async function createOctokit(entry: ForgeEntry, installationId: number | undefined): Promise<Octokit> {
  const { Octokit } = await import('@octokit/core');
  const silent = (): void => {};
  const common = {
    baseUrl: apiUrlOf(entry),
    userAgent: USER_AGENT,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  };
  const { app, tokenFile = '' } = entry;
  if (app === undefined) return new Octokit({ ...common, auth: (await readFile(tokenFile, 'utf8')).trim() });
  const { createAppAuth } = await import('@octokit/auth-app');
  const privateKey = await readPrivateKey(app.privateKeyFile);
  const auth = { appId: app.id, privateKey, ...(installationId === undefined ? {} : { installationId }) };
  return new Octokit({ ...common, authStrategy: createAppAuth, auth });
}

/** GitHub gives keys in PKCS #1; WebCrypto, which signs, reads PKCS #8 alone. */
async function readPrivateKey(path: string): Promise<string> {
  const key = createPrivateKey(await readFile(path, 'utf8'));
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function apiUrlOf({ apiUrl, host }: ForgeEntry): string {
  const standard = host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`;
  return (apiUrl ?? standard).replace(/\/+$/, '');
}

/** As octokit's errors are made: with the answer in them, where there was one. */
const requestError = z.object({
  status: z.number(),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }),
});

async function ask(
  octokit: Octokit,
  { method, path, query, body }: ForgeRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ForgeAnswer> {
  try {
    const answer = await octokit.request({
      method,
      url: path,
      ...query,
      ...body,
      headers: { ...headers, 'x-github-api-version': API_VERSION },
      request: { signal },
    });
    return { status: answer.status, headers: textHeaders(answer.headers), data: answer.data };
  } catch (error) {
    const refused = requestError.safeParse(error);
    if (!refused.success) throw error;
    const { status, response } = refused.data;
    return { status, headers: textHeaders(response.headers), data: response.data };
  }
}

function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name.toLowerCase(), String(value)]] : [],
    ),
  );
}
