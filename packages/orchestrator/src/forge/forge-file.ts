/** The forges file: which forges we may ask, and with what credentials. Paths only; the secrets are in files of their own. */

import { parseFile, type Diagnostic, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import { FORGE_KINDS } from './forge.ts';

const host = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/, 'is not a host name, such as github.com');
const path = z.string().min(1).max(4096);
const NAME = '[A-Za-z0-9_.-]{1,100}';

const app = z.strictObject({
  id: z.int().positive(),
  privateKeyFile: path,
  /** Absent: it is asked for by the repository's owner. */
  installationId: z.int().positive().exactOptional(),
});

/** A hook whose list of deliveries is asked for what never arrived. */
const webhook = z.strictObject({
  repository: z
    .string()
    .regex(new RegExp(`^${NAME}/${NAME}$`), 'is not owner/name')
    .exactOptional(),
  organization: z
    .string()
    .regex(new RegExp(`^${NAME}$`), 'is not the name of an organization')
    .exactOptional(),
  /** The hook of the App itself. */
  app: z.literal(true).exactOptional(),
  hookId: z.int().positive().exactOptional(),
});

const forge = z.strictObject({
  host,
  kind: z.enum(FORGE_KINDS),
  apiUrl: z.url({ protocol: /^https?$/ }).exactOptional(),
  tokenFile: path.exactOptional(),
  app: app.exactOptional(),
  webhooks: z.array(webhook).max(10_000).default([]),
  /** The login that our comments bear; only with a token, where it cannot be asked. */
  botLogin: z.string().min(1).max(100).exactOptional(),
});

const forgeFile = z.array(forge).superRefine((forges, context) => {
  for (const [index, entry] of forges.entries()) {
    const problem = (at: readonly (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path: [index, ...at], message });
    if (forges.findIndex((other) => other.host === entry.host) < index) problem(['host'], 'is there twice');
    if ((entry.tokenFile === undefined) === (entry.app === undefined)) {
      problem([], 'needs either tokenFile or app');
    }
    if (entry.kind === 'gitea' && entry.app !== undefined) problem(['app'], 'is of GitHub alone');
    for (const [at, hook] of entry.webhooks.entries()) {
      const wrong = webhookProblem(hook, entry.app !== undefined);
      if (wrong !== undefined) problem(['webhooks', at], wrong);
    }
  }
});

function webhookProblem(
  { repository, organization, app, hookId }: z.output<typeof webhook>,
  hasApp: boolean,
): string | undefined {
  const scopes = [repository, organization, app].filter((scope) => scope !== undefined);
  if (scopes.length !== 1) return 'needs one of repository, organization and app';
  if (app === true) return hasApp ? undefined : "the hook of an App needs the App's key";
  return hookId === undefined ? 'needs hookId' : undefined;
}

export type ForgeEntry = z.output<typeof forge>;

/** YAML or JSON: a list with one entry per host. The error holds every problem of the file. */
export function parseForgeFile(text: string, file: string): Result<readonly ForgeEntry[], Diagnostic[]> {
  return parseFile(text, file, forgeFile);
}
