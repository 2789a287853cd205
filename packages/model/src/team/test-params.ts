/** testParamsOf: how a team's pull requests are intercepted and tested, as params of their runs. */

import type { Team } from './team.ts';

/** A param that has nothing to say is undefined, so that the pipeline's default counts. */
export function testParamsOf({
  interceptBackend,
  interceptImages = {},
  hooks,
}: Team): Record<string, string | undefined> {
  return {
    'intercept-backend': interceptBackend,
    'mirrord-image': interceptImages.mirrord,
    'mirrord-agent-image': interceptImages.mirrordAgent,
    'telepresence-image': interceptImages.telepresence,
    'pre-test-task': hooks.preTest,
    'post-test-task': hooks.postTest,
  };
}
