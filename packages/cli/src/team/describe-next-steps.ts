/** describeNextSteps: how a new team's files become a release, as commands. Pure. */

import type { TeamRequest } from './render-team-files.ts';

export interface NewTeamPlace {
  /** Of the two files, as the user reaches it. */
  readonly folder: string;
  /** Of the chart. */
  readonly chart: string;
}

/** Lines for people, each with a command. */
export function describeNextSteps(
  { name, namespace = name, cluster }: TeamRequest,
  { folder, chart }: NewTeamPlace,
): string {
  const context = cluster === undefined ? '' : ` --kube-context ${shellWord(cluster)}`;
  const files = ['team.yaml', 'values.yaml'].map((file) => ` -f ${shellWord(`${folder}/${file}`)}`).join('');
  const install = `helm upgrade --install tekton-dag-${name} ${shellWord(chart)}${context} -n ${namespace} --create-namespace --set apps.createNamespaces=true`;
  return `next, with Argo CD: commit the folder in a pull request
  git add ${shellWord(folder)}
or by hand, when the Secrets that values.yaml names are in namespace ${namespace}:
  ${install}${files}
`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
