/** An API rig: two teams with a token for each role, over the orchestrator rig. */

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRig, type Rig, type RigOptions } from './orchestrator-rig.ts';

const ACCESS = {
  'shop-viewer': { shop: 'viewer' },
  'shop-runner': { shop: 'runner' },
  'shop-admin': { shop: 'admin' },
  'bank-admin': { bank: 'admin' },
  'both-viewer': { shop: 'viewer', bank: 'viewer' },
  'all-viewer': { '*': 'viewer' },
  'all-admin': { '*': 'admin' },
  nobody: {},
} as const;

export type CallerName = keyof typeof ACCESS;

export interface ApiRig extends AsyncDisposable {
  readonly rig: Rig;
  /** A request with the token of that caller; objects go as JSON. */
  as(caller: CallerName, method: string, path: string, options?: CallOptions): Promise<Response>;
  /** The file of tokens; change it as a mounted Secret changes. */
  readonly tokensFile: string;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const team = (name: string, stack: string): string => `
name: ${name}
namespace: ${name}-runs
imageRegistry: registry.example.com/${name}
interceptBackend: gateway
stacks: [${stack}]
gitUrl: https://github.com/acme/${name}-platform
`;

const stack = (name: string, apps: readonly string[]): string => `
name: ${name}
apps:
${apps.map((app) => `  - { name: ${app}, repo: acme/${app}, role: persistence, build: { tool: npm } }`).join('\n')}
`;

/** Repository acme/shared feeds both teams. */
export const TWO_TEAMS = {
  'teams/default/team.yaml': team('shop', 'stacks/shop.yaml'),
  'teams/bank/team.yaml': team('bank', 'stacks/bank.yaml'),
  'stacks/shop.yaml': stack('shop-stack', ['shop-api', 'shared']),
  'stacks/bank.yaml': stack('bank-stack', ['bank-api', 'shared']),
};

export function tokenOf(caller: CallerName): string {
  return `the-token-of-${caller}`;
}

export function renderTokens(callers: readonly CallerName[]): string {
  return JSON.stringify(
    callers.map((name) => ({
      name,
      sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
      access: ACCESS[name],
    })),
  );
}

export const CALLERS: readonly CallerName[] = [
  'shop-viewer',
  'shop-runner',
  'shop-admin',
  'bank-admin',
  'both-viewer',
  'all-viewer',
  'all-admin',
  'nobody',
];

export async function startApiRig(options: RigOptions = {}): Promise<ApiRig> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-tokens-'));
  const tokensFile = join(directory, 'tokens.json');
  writeFileSync(tokensFile, renderTokens(CALLERS));
  const rig = await startRig({
    ...options,
    files: { ...TWO_TEAMS, ...options.files },
    env: { TEKTON_DAG_API_TOKENS_FILE: tokensFile, ...options.env },
  });
  return {
    rig,
    tokensFile,
    as: (caller, method, path, { body, headers, signal } = {}) =>
      fetch(`${rig.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${tokenOf(caller)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      }),
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}
