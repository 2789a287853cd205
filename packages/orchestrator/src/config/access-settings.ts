/** The settings of access: which tokens count besides the one of TEKTON_DAG_API_TOKEN_FILE, and who is admin. */

import { z } from 'zod';
import { parseTokenFile } from '../auth/parse-token-file.ts';
import type { SecretReader } from './secret-reader.ts';

export interface OidcConfig {
  /** As the tokens' `iss` says it. */
  readonly issuer: string;
  readonly audience: string;
  readonly usernameClaim: string;
  readonly groupsClaim: string;
}

export interface AccessConfig {
  /** The file with the list of static tokens; read again when it changes. */
  readonly apiTokensFile: string | undefined;
  readonly oidc: OidcConfig | undefined;
  /** Tokens of Kubernetes count (TokenReview); no audiences means those of the API server. */
  readonly tokenReview: { readonly audiences: readonly string[] } | undefined;
  readonly adminUsers: readonly string[];
  readonly adminGroups: readonly string[];
}

const claim = z.string().min(1).max(256);
const names = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

export const accessSettings = {
  TEKTON_DAG_API_TOKENS_FILE: z.string().min(1).optional(),
  TEKTON_DAG_OIDC_ISSUER: z.string().refine(isIssuer, 'must be an https URL').optional(),
  TEKTON_DAG_OIDC_AUDIENCE: z.string().min(1).default('tekton-dag'),
  TEKTON_DAG_OIDC_USERNAME_CLAIM: claim.default('sub'),
  TEKTON_DAG_OIDC_GROUPS_CLAIM: claim.default('groups'),
  TEKTON_DAG_TOKEN_REVIEW: z.enum(['true', 'false']).default('false'),
  TEKTON_DAG_TOKEN_REVIEW_AUDIENCES: names,
  TEKTON_DAG_ADMIN_USERS: names,
  TEKTON_DAG_ADMIN_GROUPS: names,
};

type AccessSettings = z.output<z.ZodObject<typeof accessSettings>>;

export function compileAccessConfig(values: AccessSettings, secrets: SecretReader): AccessConfig {
  const apiTokensFile = values.TEKTON_DAG_API_TOKENS_FILE;
  checkTokensFile(apiTokensFile, secrets);
  const issuer = values.TEKTON_DAG_OIDC_ISSUER;
  return {
    apiTokensFile,
    oidc:
      issuer === undefined
        ? undefined
        : {
            issuer,
            audience: values.TEKTON_DAG_OIDC_AUDIENCE,
            usernameClaim: values.TEKTON_DAG_OIDC_USERNAME_CLAIM,
            groupsClaim: values.TEKTON_DAG_OIDC_GROUPS_CLAIM,
          },
    tokenReview:
      values.TEKTON_DAG_TOKEN_REVIEW === 'true'
        ? { audiences: values.TEKTON_DAG_TOKEN_REVIEW_AUDIENCES }
        : undefined,
    adminUsers: values.TEKTON_DAG_ADMIN_USERS,
    adminGroups: values.TEKTON_DAG_ADMIN_GROUPS,
  };
}

/** A file that is bad at the start is a bad setting; later the last good one stays. */
function checkTokensFile(path: string | undefined, secrets: SecretReader): void {
  const key = 'TEKTON_DAG_API_TOKENS_FILE';
  const [text] = secrets.read(key, path, 1);
  if (path === undefined || text === undefined) return;
  const parsed = parseTokenFile(text.reveal(), path);
  if (parsed.ok) return;
  for (const { file, line, column, message } of parsed.error) {
    secrets.report({ key, message: `${file}:${line}:${column}: ${message}` });
  }
}

/** OpenID Connect Core, section 2: https; plain HTTP only on this machine. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const local = protocol === 'http:' && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || local) && search === '' && hash === '';
}
