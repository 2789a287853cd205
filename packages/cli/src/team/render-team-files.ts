/** renderTeamFiles: the two files of a new team, with what was asked for and no more. Pure. */

import { present, type InterceptBackend } from '@tekton-dag/model';
import { stringify } from 'yaml';

export interface TeamRequest {
  readonly name: string;
  readonly imageRegistry: string;
  readonly gitUrl: string;
  readonly gitRevision?: string | undefined;
  readonly stacks: readonly string[];
  /** Default: the name. */
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  readonly host: string;
  readonly interceptBackend: InterceptBackend;
  readonly maxConcurrentRuns?: number | undefined;
  readonly registrySecret?: string | undefined;
  readonly sshSecret?: string | undefined;
  /** A volume claim; the release makes it. */
  readonly buildCacheClaim?: string | undefined;
  /** False: another release makes the accounts in the namespaces of the apps. */
  readonly appsAccounts: boolean;
  readonly webhookSecret: string;
  readonly apiSecret: string;
  readonly forgesSecret?: string | undefined;
  /** With the URL of a Postgres, in place of SQLite. */
  readonly postgresSecret?: string | undefined;
  /** Where the forge reaches the orchestrator. */
  readonly ingressHost?: string | undefined;
  readonly ingressClass?: string | undefined;
}

export interface TeamFiles {
  readonly team: string;
  readonly values: string;
}

/** `hasSchemas`: the schemas are beside the folders, so that an editor finds them. */
export function renderTeamFiles(request: TeamRequest, hasSchemas: boolean): TeamFiles {
  return {
    team: renderFile(teamOf(request), hasSchemas ? '../schema.json' : undefined),
    values: renderFile(valuesOf(request), hasSchemas ? '../values.schema.json' : undefined),
  };
}

function renderFile(content: object, schema: string | undefined): string {
  const head = schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
  // Helm reads YAML 1.1, where a team of the name `on` would be true.
  return head + stringify(content, { lineWidth: 0, compat: 'yaml-1.1' });
}

function teamOf(request: TeamRequest): object {
  const { name, host, imageRegistry, interceptBackend, stacks, gitUrl } = request;
  const { cluster, registrySecret, sshSecret, buildCacheClaim, maxConcurrentRuns, gitRevision } = request;
  return {
    name,
    namespace: request.namespace ?? name,
    ...present({ cluster }),
    host,
    imageRegistry,
    ...present({ registrySecret, sshSecret, buildCacheClaim }),
    interceptBackend,
    ...present({ maxConcurrentRuns }),
    stacks,
    gitUrl,
    ...present({ gitRevision }),
  };
}

function valuesOf(request: TeamRequest): object {
  const { webhookSecret, apiSecret, forgesSecret, postgresSecret, ingressHost } = request;
  return {
    ...(request.appsAccounts ? {} : { apps: { serviceAccounts: { create: false } } }),
    ...(request.buildCacheClaim === undefined ? {} : { buildCache: { create: true } }),
    orchestrator: {
      webhook: { existingSecret: webhookSecret },
      api: { existingSecret: apiSecret },
      ...(forgesSecret === undefined ? {} : { forges: { existingSecret: forgesSecret } }),
      ...(postgresSecret === undefined ? {} : { store: { postgres: { existingSecret: postgresSecret } } }),
      ...(ingressHost === undefined ? {} : waysIn(ingressHost, request.ingressClass)),
    },
  };
}

function waysIn(host: string, className: string | undefined): object {
  return {
    settings: { TEKTON_DAG_PUBLIC_URL: `https://${host}` },
    ingress: { enabled: true, ...present({ className }), host },
  };
}
