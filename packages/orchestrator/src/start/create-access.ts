/** createAccess: the authenticator with the sources of tokens that the settings name. */

import { createHash } from 'node:crypto';
import { createAuthenticator, type Authenticator, type TokenVerifier } from '../auth/authenticator.ts';
import { ALL_TEAMS } from '../auth/caller.ts';
import { createOidcVerifier } from '../auth/oidc-verifier.ts';
import type { StaticToken } from '../auth/static-token.ts';
import { watchTokenFile } from '../auth/token-file.ts';
import { createTokenReviewer } from '../auth/token-review.ts';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import type { Parts } from './parts.ts';

export function createAccess(parts: Pick<Parts, 'config' | 'client' | 'log' | 'snapshot'>): Authenticator {
  const { config, log, snapshot } = parts;
  const own = ownToken(config);
  const listed =
    config.apiTokensFile === undefined
      ? undefined
      : watchTokenFile(config.apiTokensFile, (problem) =>
          log.error({ problem }, 'the file of API tokens is bad; the last good one counts'),
        );
  return createAuthenticator({
    staticTokens: async () => (listed === undefined ? [own] : [own, ...(await listed())]),
    verifiers: createVerifiers(parts),
    accessRules: () => ({
      adminUsers: config.adminUsers,
      adminGroups: config.adminGroups,
      teams: snapshot().teams.values(),
    }),
  });
}

/** The token of TEKTON_DAG_API_TOKEN_FILE: admin of everything. */
function ownToken({ apiToken }: OrchestratorConfig): StaticToken {
  return {
    caller: { name: 'token', access: new Map([[ALL_TEAMS, 'admin']]) },
    digest: createHash('sha256').update(apiToken.reveal()).digest(),
  };
}

/** The provider of the settings goes first: its tokens are told by their issuer, so the API server need not see them. */
function createVerifiers({ config, client }: Pick<Parts, 'config' | 'client'>): readonly TokenVerifier[] {
  const { oidc, tokenReview } = config;
  return [
    ...(oidc === undefined ? [] : [createOidcVerifier(oidc)]),
    ...(tokenReview === undefined ? [] : [createTokenReviewer(client, tokenReview.audiences)]),
  ];
}
