/** checkTekton: whether Tekton Pipelines is there, new enough, and set so that our tasks can run. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { attempt } from './attempt.ts';
import type { Check } from './check.ts';
import { compareReleases } from './compare-releases.ts';
import { listServedKinds } from './list-served-kinds.ts';

/** The first with steps that have a workspace of their own as a beta field (Tekton: additional-configs.md, "Beta Features"). */
const OLDEST_TEKTON = 'v0.50.0';

const INSTALL = `install Tekton Pipelines ${OLDEST_TEKTON} or newer (https://tekton.dev/docs/installation/pipelines/)`;

/** `tektonNamespace` is where its controller runs. Stops when Tekton is not there at all. */
export async function checkTekton(client: KubeClient, tektonNamespace: string): Promise<Check[]> {
  const served = await attempt({ name: 'tekton', hint: INSTALL }, () => checkServed(client));
  if (served.state === 'missing') return [served];
  const settings = client.resource(kinds.configmaps, tektonNamespace);
  const version = attempt({ name: 'tekton version', hint: INSTALL }, async () =>
    judgeVersion((await settings.get('pipelines-info'))?.data?.['version'], tektonNamespace),
  );
  const flags = attempt({ name: 'tekton flags', hint: INSTALL }, async () =>
    judgeFlags((await settings.get('feature-flags'))?.data ?? {}, tektonNamespace),
  );
  return [served, await version, await flags];
}

async function checkServed(client: KubeClient): Promise<Check> {
  const name = 'tekton';
  const needed = ['tasks', 'taskruns', 'pipelines', 'pipelineruns'];
  const served = await listServedKinds(client, 'tekton.dev/v1');
  const missing = needed.filter((kind) => !served.includes(kind));
  if (missing.length === 0) return { name, state: 'ok', detail: 'tekton.dev/v1 is served' };
  const detail = `tekton.dev/v1 does not serve ${missing.join(', ')}`;
  return { name, state: 'missing', detail, hint: INSTALL };
}

/** `version`: of ConfigMap pipelines-info. A build that is no release is taken as it is. */
export function judgeVersion(version: string | undefined, namespace: string): Check {
  const name = 'tekton version';
  if (version === undefined) {
    const detail = `not known: namespace ${namespace} has no ConfigMap pipelines-info`;
    return { name, state: 'optional', detail, hint: 'say with --tekton-namespace where Tekton runs' };
  }
  const order = compareReleases(version, OLDEST_TEKTON);
  if (order === undefined) {
    return {
      name,
      state: 'ok',
      detail: `${version}, which is no release; ${OLDEST_TEKTON} or newer is needed`,
    };
  }
  if (order >= 0) return { name, state: 'ok', detail: `${version}; ${OLDEST_TEKTON} or newer is needed` };
  return {
    name,
    state: 'missing',
    detail: `found ${version}, needed ${OLDEST_TEKTON} or newer`,
    hint: INSTALL,
  };
}

/** `flags`: the data of ConfigMap feature-flags (Tekton: additional-configs.md). */
export function judgeFlags(flags: Readonly<Record<string, string>>, namespace: string): Check {
  const name = 'tekton flags';
  const mend = (flag: string, value: string): string =>
    `kubectl patch configmap feature-flags -n ${namespace} -p '{"data":{"${flag}":"${value}"}}'`;
  if (flags['enable-api-fields'] === 'stable') {
    const detail =
      'enable-api-fields is stable; the task build-app gives its SSH key to one step alone, a beta field';
    return { name, state: 'missing', detail, hint: mend('enable-api-fields', 'beta') };
  }
  if (flags['coschedule'] === 'isolate-pipelinerun') {
    const detail = 'coschedule is isolate-pipelinerun: a node runs one run at a time, and the others wait';
    return { name, state: 'optional', detail, hint: mend('coschedule', 'workspaces') };
  }
  return { name, state: 'ok', detail: `as they should be in namespace ${namespace}` };
}
