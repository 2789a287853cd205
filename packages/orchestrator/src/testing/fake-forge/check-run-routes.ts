/** Check runs of a fake GitHub (GitHub docs, "Check runs"), as strict as GitHub is. */

import { z } from 'zod';
import type { FakeAnswer, FakeRequest, FakeRoute } from './fake-http.ts';
import type { ForgeWorld, WorldCheck } from './forge-world.ts';
import { invalid, nameOf, notFound, textOf } from './world-routes.ts';

/** The limits are GitHub's. */
const writeBody = z.object({
  status: z.enum(['queued', 'in_progress', 'completed']).exactOptional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .exactOptional(),
  details_url: z.url().exactOptional(),
  output: z
    .object({
      title: z.string().min(1),
      summary: z.string().max(65_535),
      annotations: z.array(z.looseObject({})).max(50).exactOptional(),
    })
    .exactOptional(),
});

export function checkRunRoutes(world: ForgeWorld): readonly FakeRoute[] {
  const repo = '/repos/:owner/:name';
  return [
    {
      method: 'POST',
      pattern: `${repo}/check-runs`,
      handle: (request) => {
        const headSha = textOf(request, 'head_sha');
        if (!/^[0-9a-f]{40}$/.test(headSha)) return invalid(`no commit found for SHA: ${headSha}`);
        const blank = { title: '', summary: '', detailsUrl: null, annotations: [] };
        const fresh = {
          id: world.nextId(),
          repository: nameOf(request),
          headSha,
          conclusion: null,
          ...blank,
        };
        return write(world, request, { ...fresh, name: textOf(request, 'name'), status: 'queued' });
      },
    },
    {
      method: 'PATCH',
      pattern: `${repo}/check-runs/:id`,
      handle: (request) => {
        const before = world.checks.find(({ id }) => String(id) === request.params['id']);
        return before === undefined ? notFound() : write(world, request, before);
      },
    },
  ];
}

function write(world: ForgeWorld, request: FakeRequest, before: WorldCheck): FakeAnswer {
  const parsed = writeBody.safeParse(request.body);
  if (!parsed.success) return invalid(parsed.error.message);
  if (before.name === '') return invalid('name is missing');
  const after = applyWrite(before, parsed.data);
  if (after.status === 'completed' && after.conclusion === null) return invalid('conclusion is missing');
  const index = world.checks.findIndex(({ id }) => id === before.id);
  world.checks.splice(index === -1 ? world.checks.length : index, 1, after);
  return { status: index === -1 ? 201 : 200, body: { id: after.id, status: after.status } };
}

function applyWrite(before: WorldCheck, body: z.infer<typeof writeBody>): WorldCheck {
  const { status = before.status, conclusion = null } = body;
  const { annotations = [], ...texts } = body.output ?? {};
  return {
    ...before,
    ...texts,
    status,
    conclusion: status === 'completed' ? conclusion : null,
    detailsUrl: body.details_url ?? before.detailsUrl,
    annotations: [...before.annotations, ...annotations],
  };
}
