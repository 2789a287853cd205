/** createArgoWaits: reads applications of Argo CD and waits for what becomes of them. */

import { waitFor, waitForDeletion, type KubeClient } from '@tekton-dag/kube';
import {
  applications,
  ARGOCD_NAMESPACE,
  complaintsOf,
  isDelivered,
  type ArgoApplication,
} from './argo-application.ts';
import { askAnew } from './ask-anew.ts';

const WAIT_MS = 480_000;
/** Argo CD may lose a question that comes while it compares; it would look again minutes later. */
const ASK_AGAIN_MS = 60_000;
const REFRESH = 'argocd.argoproj.io/refresh';

export interface ArgoWaits {
  /** Undefined when there is none of that name. */
  application(name: string): Promise<ArgoApplication | undefined>;
  /** Waits; throws with what Argo CD said last. */
  waitForApplication(name: string, done: (application: ArgoApplication) => boolean): Promise<ArgoApplication>;
  /** Waits until the team's release is synced and healthy, at the commit if one is given. */
  waitForTeam(team: string, revision?: string): Promise<ArgoApplication>;
  /** Waits until nothing of the team is left in Argo CD. */
  waitForTeamGone(team: string): Promise<void>;
}

/** Names of the applications of a team: what sets it up, its namespaces, its release. */
export function applicationsOf(team: string): readonly [setup: string, namespaces: string, release: string] {
  return [`team-${team}`, `namespaces-${team}`, `tekton-dag-${team}`];
}

export function createArgoWaits(client: KubeClient): ArgoWaits {
  const found = client.resource(applications, ARGOCD_NAMESPACE);
  const waitForApplication: ArgoWaits['waitForApplication'] = async (name, done) => {
    let last: ArgoApplication | undefined;
    for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += ASK_AGAIN_MS) {
      const outcome = await waitFor(found, name, done, { timeoutMs: ASK_AGAIN_MS });
      if (outcome.ok) return outcome.value;
      last = outcome.error.last;
      // It may go meanwhile.
      if (last !== undefined) await askAnew(found, name, [REFRESH, 'normal']).catch(() => undefined);
    }
    throw new Error(`application ${name}: ${describe(last)}`);
  };
  return {
    waitForApplication,
    application: async (name) => (await found.list({ fieldSelector: `metadata.name=${name}` })).items[0],
    waitForTeam: (team, revision) =>
      waitForApplication(applicationsOf(team)[2], (application) => isDelivered(application, revision)),
    async waitForTeamGone(team) {
      for (const name of applicationsOf(team)) {
        const gone = await waitForDeletion(found, name, { timeoutMs: WAIT_MS });
        if (!gone.ok) throw new Error(`application ${name} is still there`);
      }
    },
  };
}

function describe(application: ArgoApplication | undefined): string {
  if (application === undefined) return 'there is none';
  const { sync, health } = application.status ?? {};
  return `${JSON.stringify({ sync, health })} ${complaintsOf(application)}`;
}
