/** listFurtherTeams: teams that values.yaml adds beside the release's own. Pure. */

import type { Path } from '@tekton-dag/model';
import type { TeamFolder } from './team-folder.ts';

export interface FurtherTeam {
  /** Names it in messages. */
  readonly path: string;
  /** As a file of its own would have it. */
  readonly text: string;
  /** Where it really stands. */
  readonly file: string;
  readonly at: Path;
}

/** They live in the release's namespace, as the chart has it. */
export function listFurtherTeams(folders: readonly TeamFolder[]): readonly FurtherTeam[] {
  return folders.flatMap(({ team, values, valuesPath }) =>
    (values?.teams ?? []).map((further, index) => ({
      path: `${valuesPath}#teams[${index}]`,
      text: JSON.stringify({ ...(team === undefined ? {} : { namespace: team.namespace }), ...further }),
      file: valuesPath,
      at: ['teams', index],
    })),
  );
}
