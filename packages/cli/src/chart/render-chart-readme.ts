/** renderChartReadme: the chart's README: how it is installed, and a table of its values. */

import { listValues, type ValueRow, type ValueSources } from './list-values.ts';
import { TEAM_KEYS } from './team-keys.ts';

const HEAD = `<!-- Made by scripts/generate-schemas.ts from values.yaml and the schema of the values. -->

# tekton-dag

Tests a pull request of one service inside the whole running stack, as Tekton pipelines. One release holds the Tasks and
Pipelines, the rights of their accounts, and an orchestrator that turns webhooks into runs for one team (or several).

\`\`\`text
helm install tekton-dag helm/tekton-dag --namespace shop --create-namespace \\
  -f teams/shop/team.yaml -f teams/shop/values.yaml
\`\`\`

It renders from a bare checkout: Tasks, Pipelines and stacks lie in it by links. Nothing in it is random and nothing is looked
up, so that the same values give the same objects. It has no custom resources of its own; Tekton must be there.

| page                                                           | what                                              |
| -------------------------------------------------------------- | ------------------------------------------------- |
| [Helm](../../docs/helm.md)                                     | install, upgrade, roll back, uninstall            |
| [Teams](../../docs/m10-team-onboarding.md)                     | a team is one folder                              |
| [Argo CD](../../docs/argocd-architecture-guide.md)             | a team is one pull request                        |
| [Catalog versions](../../docs/catalog-versions.md)             | Tasks and Pipelines pinned to a commit            |
| [Runbook](../../docs/runbook.md)                               | what to do for each alert                         |
| [Settings](../../docs/orchestrator.md)                         | everything that \`orchestrator.settings\` may hold  |

Wrong types and unknown keys are refused with their path ([schema](values.schema.json)); what is wrong with a team, in the
words of \`tekton-dag team validate\`. Secrets are only referred to: the notes after an install say how to make those that are
missing.
`;

/** Markdown; its tables are aligned by Prettier. */
export function renderChartReadme(sources: ValueSources): string {
  const rows = listValues(sources);
  const isTeam = ({ path }: ValueRow): boolean => TEAM_KEYS.includes(path);
  const isService = ({ path }: ValueRow): boolean => path.startsWith('orchestrator.');
  return [
    HEAD,
    section(
      'The team',
      'The keys of a [team file](../../teams/schema.json), at the top level of the values.',
      rows.filter(isTeam),
    ),
    section(
      'The release',
      'What it installs beside the service.',
      rows.filter((row) => !isTeam(row) && !isService(row)),
    ),
    section('The orchestrator', 'The service.', rows.filter(isService)),
  ].join('\n');
}

function section(title: string, words: string, rows: readonly ValueRow[]): string {
  const lines = rows.map(
    ({ path, type, defaultValue, description }) =>
      `| \`${path}\` | ${cell(type)} | ${defaultValue === undefined ? '' : code(defaultValue)} | ${cell(description)} |`,
  );
  return `## ${title}\n\n${words}\n\n| value | type | default | what |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', String.raw`\<`);
}

function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}
