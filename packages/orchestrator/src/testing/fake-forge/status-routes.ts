/** Commit statuses of a fake forge (GitHub and Gitea docs, "Create a commit status"). */

import type { CheckConclusion } from '../../forge/forge-client.ts';
import type { FakeAnswer, FakeRequest, FakeRoute } from './fake-http.ts';
import type { ForgeWorld } from './forge-world.ts';
import { invalid, nameOf, textOf } from './world-routes.ts';

const STATES: Readonly<Record<string, CheckConclusion | null>> = {
  pending: null,
  success: 'success',
  failure: 'failure',
  error: 'failure',
};
const MAX_DESCRIPTION_LENGTH = 140;

/** A status is kept in the world as the check that it stands for. */
export function statusRoutes(world: ForgeWorld, base: string): readonly FakeRoute[] {
  return [
    {
      method: 'POST',
      pattern: `${base}/repos/:owner/:name/statuses/:sha`,
      handle: (request) => addStatus(world, request),
    },
  ];
}

/** Statuses of one context replace each other, as the newest is shown. */
function addStatus(world: ForgeWorld, request: FakeRequest): FakeAnswer {
  const [state, description] = [textOf(request, 'state'), textOf(request, 'description')];
  if (!Object.hasOwn(STATES, state)) return invalid('state is unknown');
  if (description.length > MAX_DESCRIPTION_LENGTH) return invalid('description is too long');
  const conclusion = STATES[state] ?? null;
  const id = world.nextId();
  const headSha = request.params['sha'] ?? '';
  const name = textOf(request, 'context');
  const older = world.checks.findIndex((check) => check.headSha === headSha && check.name === name);
  world.checks.splice(older === -1 ? world.checks.length : older, older === -1 ? 0 : 1, {
    id,
    repository: nameOf(request),
    headSha,
    name,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    title: description,
    summary: '',
    detailsUrl: textOf(request, 'target_url') || null,
    annotations: [],
  });
  return { status: 201, body: { id, state } };
}
