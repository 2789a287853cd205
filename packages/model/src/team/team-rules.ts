/** TEAM_RULES: the words for what is wrong with teams beyond the form of each text; the chart refuses in the same words. */

/** Names in braces stand for what `wordsOfRule` fills in; a template of the chart fills them in the same way. */
export interface TeamRule {
  /** A stable kebab-case name, as in a Diagnostic. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Namespaces that no run and no app may have, as patterns that every engine of regular expressions reads. */
export const RESERVED_NAMESPACES = ['^kube-', '^argocd$'] as const;

export const TEAM_RULES = {
  /** Of a team, and of apps in stack files. */
  reservedNamespace: {
    code: 'reserved-namespace',
    message: '"{namespace}" is a reserved namespace',
    hint: 'choose another one, such as team-shop',
  },
  /** At an item of the team's `stacks`. */
  missingStackFile: {
    code: 'missing-stack-file',
    message: '"{file}" does not exist',
    hint: 'write the path of a stack file in the platform repository, such as stacks/stack-one.yaml',
  },
  /** At the item of `stacks` that claims it second: one host, one repository, one name of an app. */
  claimedTwice: {
    code: 'claimed-twice',
    message: '{repository} feeds {app} of team {other} already',
    hint: 'leave the app to one of the teams',
  },
  /** Of two teams whose releases go to one cluster; at the one whose folder comes second. */
  sharedNamespace: {
    code: 'shared-release-namespace',
    message: '"{namespace}" is that of team {other} on this cluster',
    hint: 'give each team one of its own',
  },
  /** Of a team in a folder with another name. */
  otherFolder: {
    code: 'other-folder',
    message: '"{name}" is not the name of the folder',
    hint: 'give both one name',
  },
  /** `catalog.source: git` and one of `catalog.url`, `catalog.revision` empty; `key` is that one. */
  gitCatalogIncomplete: {
    code: 'incomplete-catalog',
    message: '"catalog.source" is git, and "{key}" is empty',
    hint: 'say the repository and the commit that hold tasks/ and pipeline/',
  },
  /** `buildCache.create` where the team names no claim. */
  buildCacheUnnamed: {
    code: 'unnamed-build-cache',
    message: '"buildCache.create" is on, and the team names no claim',
    hint: 'give the team file the key buildCacheClaim',
  },
  /** More than one replica, or autoscaling, without Postgres. */
  replicasNeedPostgres: {
    code: 'replicas-need-postgres',
    message: 'more than one replica needs Postgres',
    hint: 'set orchestrator.store.postgres.existingSecret, or one replica without autoscaling',
  },
  /** `triggers.enabled` without `triggers.webhookSecret.name`. */
  triggersNeedSecret: {
    code: 'triggers-need-secret',
    message: 'an EventListener takes signed requests only',
    hint: 'name the Secret that holds the key',
  },
} as const satisfies Record<string, TeamRule>;

export type TeamRuleName = keyof typeof TEAM_RULES;

/** True for a namespace of the cluster itself or of what runs it. */
export function isReservedNamespace(namespace: string): boolean {
  return RESERVED_NAMESPACES.some((pattern) => new RegExp(pattern).test(namespace));
}

/** A rule with its names filled in; a name without a value stays as it is. */
export function wordsOfRule(name: TeamRuleName, values: Readonly<Record<string, string>> = {}): TeamRule {
  const { code, message, hint } = TEAM_RULES[name];
  const filled = message.replaceAll(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
  return { code, message: filled, hint };
}
