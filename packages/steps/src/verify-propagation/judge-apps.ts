/** Decides for each changed app whether the pull request's pod answered the tagged request; pure. */
import type { PropagationVerdict } from '@tekton-dag/model';
import { interceptName } from '../deploy-intercepts/render-intercept.ts';
import type { Hop } from '../traffic/evidence.ts';

type AppVerdict = PropagationVerdict['apps'][number];

/** One verdict per app. */
export const judgeApps = (
  apps: readonly string[],
  { session, hops }: { session: string; hops: readonly Hop[] },
): AppVerdict[] =>
  apps.map((app) => {
    const own = hops.filter((hop) => hop.service === app && hop.session === session);
    const wanted = interceptName(app, session);
    const wrong = own.find(({ backend }) => backend !== wanted);
    if (wrong !== undefined) {
      return {
        app,
        verdict: 'failed',
        detail: `a tagged request was answered by ${wrong.backend ?? 'nobody'}, not by ${wanted}`,
      };
    }
    const right = own[0];
    if (right === undefined) return { app, verdict: 'failed', detail: 'no tagged request arrived' };
    if (right.status >= 500 || right.pod === null) {
      return { app, verdict: 'failed', detail: `${wanted} answered with HTTP ${right.status}` };
    }
    return { app, verdict: 'passed', pod: right.pod, detail: `${wanted} answered with HTTP ${right.status}` };
  });
