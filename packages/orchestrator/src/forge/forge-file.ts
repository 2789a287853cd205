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

type CheckedEntry = z.output<typeof forge>;

/** Checked entry by entry, so that a bad one does not hide what is wrong with another. */
const checkedForge = forge.superRefine((entry, context) => {
  for (const { path, message } of problemsOf(entry)) context.addIssue({ code: 'custom', path, message });
});

const forgeFile = z.array(checkedForge).superRefine((forges, context) => {
  for (const [index, { host }] of forges.entries()) {
    if (forges.findIndex((other) => other.host === host) === index) continue;
    context.addIssue({ code: 'custom', path: [index, 'host'], message: 'is there twice' });
  }
});

interface EntryProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

function problemsOf({ kind, tokenFile, app, webhooks }: CheckedEntry): readonly EntryProblem[] {
  const hooks = webhooks.flatMap((hook, index) => {
    const message = webhookProblem(hook, app !== undefined);
    return message === undefined ? [] : [{ path: ['webhooks', index], message }];
  });
  const either = (tokenFile === undefined) === (app === undefined);
  const credentials = either ? [{ path: [], message: 'needs either tokenFile or app' }] : [];
  const alone = kind === 'gitea' && app !== undefined;
  return [...credentials, ...(alone ? [{ path: ['app'], message: 'is of GitHub alone' }] : []), ...hooks];
}

function webhookProblem(
  { repository, organization, app, hookId }: z.output<typeof webhook>,
  hasApp: boolean,
): string | undefined {
  const scopes = [repository, organization, app].filter((scope) => scope !== undefined);
  if (scopes.length !== 1) return 'needs one of repository, organization and app';
  if (app === true) return hasApp ? undefined : "the hook of an App needs the App's key";
  return hookId === undefined ? 'needs hookId' : undefined;
}

export type ForgeEntry = CheckedEntry;

/** YAML or JSON: a list with one entry per host. The error holds every problem of the file. */
export function parseForgeFile(text: string, file: string): Result<readonly ForgeEntry[], Diagnostic[]> {
  return parseFile(text, file, forgeFile);
}
