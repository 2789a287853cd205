/** renderTeamFiles: the folder of a team and its stack, as `tekton-dag team add` and a platform engineer write them. */

import { splitImage } from '../../cluster/rig/release-values.ts';
import { renderStack } from '../../rig/render-stack.ts';
import type { ArgoRig } from './argo-rig.ts';
import type { FileChanges } from './platform-repository.ts';

export interface TeamFields {
  /** Keys of team.yaml that differ. */
  readonly team?: Readonly<Record<string, unknown>>;
  /** Keys of values.yaml that differ; a text is the file as it is. */
  readonly values?: Readonly<Record<string, unknown>> | string;
  /** Default: the namespace with `-apps` behind it. */
  readonly appsNamespace?: string;
}

/** The team gets a namespace of its name, and app `<name>-web` of a stack of its name. */
export function renderTeamFiles(rig: ArgoRig, name: string, fields: TeamFields = {}): FileChanges {
  const team = {
    name,
    namespace: name,
    imageRegistry: `${rig.settings.registry}/${name}`,
    insecureRegistries: [rig.settings.registry],
    interceptBackend: 'gateway',
    stacks: [`stacks/${name}.yaml`],
    gitUrl: rig.platform.url,
    ...fields.team,
  };
  const values = { image: splitImage(rig.settings.image), ...(isText(fields.values) ? {} : fields.values) };
  const namespace = fields.appsNamespace ?? `${name}-apps`;
  return {
    [`teams/${name}/team.yaml`]: JSON.stringify(team),
    [`teams/${name}/values.yaml`]: isText(fields.values) ? fields.values : JSON.stringify(values),
    [`stacks/${name}.yaml`]: renderStack({ name, namespace, apps: { [`${name}-web`]: {} } }),
  };
}

function isText(value: TeamFields['values']): value is string {
  return typeof value === 'string';
}

/** Values of a release without an orchestrator, for tests that need none. */
export const WITHOUT_SERVICE = { orchestrator: { enabled: false } };
