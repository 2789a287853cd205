/** askToRefresh: what a forge's webhook makes Argo CD do: look at Git now, for folders of teams and for each application. */

import { type KubeClient, type KubeObject, type ResourceClient } from '@tekton-dag/kube';
import { setTimeout as delay } from 'node:timers/promises';
import { applications, applicationSets, ARGOCD_NAMESPACE } from './argo-application.ts';
import { askAnew } from './ask-anew.ts';

const APPLICATION_SET = 'tekton-dag-teams';
const REFRESH_TEAMS = 'argocd.argoproj.io/application-set-refresh';
const REFRESH = 'argocd.argoproj.io/refresh';
/** Longer than Argo CD compares, also on a busy machine. */
const ANSWERED_WITHIN_MS = 30_000;
const POLL_MS = 200;

/** `hard` forgets what was rendered, too. Returns when Argo CD was asked, not when it has looked. */
export async function askToRefresh(client: KubeClient, type: 'normal' | 'hard' = 'normal'): Promise<void> {
  const found = client.resource(applications, ARGOCD_NAMESPACE);
  await askForTeams(client);
  const { items } = await found.list();
  await Promise.all(
    items.map(({ metadata }) => ask(found, metadata?.name ?? '', [REFRESH, type]).catch(ignoreGone)),
  );
  // The first answer may come from a look at Git that began before the push: then Argo CD asks again minutes later.
  await askForTeams(client);
}

async function askForTeams(client: KubeClient): Promise<void> {
  const sets = client.resource(applicationSets, ARGOCD_NAMESPACE);
  await ask(sets, APPLICATION_SET, [REFRESH_TEAMS, 'true']);
}

/**
 * An earlier question that is not answered yet would swallow this one: Argo CD may have looked before the push. One that
 * came while it compared may have been lost; then it looks again minutes later.
 */
async function ask<T extends KubeObject>(
  resource: ResourceClient<T>,
  name: string,
  [key, value]: readonly [key: string, value: string],
): Promise<void> {
  const deadline = Date.now() + ANSWERED_WITHIN_MS;
  const isOpen = async (): Promise<boolean> =>
    (await resource.get(name))?.metadata?.annotations?.[key] !== undefined;
  while (Date.now() < deadline && (await isOpen())) await delay(POLL_MS);
  await askAnew(resource, name, [key, value]);
}

/** An application may go while all are asked. */
function ignoreGone(error: unknown): void {
  if (!String(error).includes('not found')) throw error;
}
