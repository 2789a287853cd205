/** configureHook: brings one repository's webhook to what we want. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { GitHub } from './create-github.ts';
import { hookSchema, planHook, type HookPlan, type HookWish } from './plan-hook.ts';

export interface HookOrder extends HookWish {
  /** Undefined: look, and change nothing. */
  readonly secret: string | undefined;
}

/** The error is a line for people; it holds no secret. */
export async function configureHook(
  github: GitHub,
  fullName: string,
  order: HookOrder,
): Promise<Result<HookPlan, string>> {
  try {
    const plan = planHook(await listHooks(github, fullName), order);
    if (order.secret !== undefined)
      await writeHook(github, fullName, { ...order, secret: order.secret }, plan.id);
    return ok(plan);
  } catch (error) {
    return err(explain(error));
  }
}

function coordinatesOf(fullName: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = fullName.split('/');
  return { owner, repo };
}

async function listHooks(github: GitHub, fullName: string): Promise<z.infer<typeof hookSchema>[]> {
  const all = await github.paginate('GET /repos/{owner}/{repo}/hooks', {
    ...coordinatesOf(fullName),
    per_page: 100,
  });
  return z.array(hookSchema).parse(all);
}

/** Also a hook that looks right is written: its secret cannot be read. */
async function writeHook(
  github: GitHub,
  fullName: string,
  { url, events, secret }: HookOrder & { readonly secret: string },
  id: number | undefined,
): Promise<void> {
  const hook = {
    ...coordinatesOf(fullName),
    active: true,
    events: [...events],
    config: { url, content_type: 'json', insecure_ssl: '0', secret },
  };
  if (id === undefined) await github.request('POST /repos/{owner}/{repo}/hooks', { ...hook, name: 'web' });
  else await github.request('PATCH /repos/{owner}/{repo}/hooks/{hook_id}', { ...hook, hook_id: id });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'the token is not valid',
  403: 'the token may not administer the repository (scope admin:repo_hook), or its rate limit is used up',
  404: 'there is no such repository, or the token may not administer it (scope admin:repo_hook)',
};

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof z.ZodError) return 'the answer is no list of webhooks';
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  if (status === undefined) return error.message;
  const hint = HINTS[status];
  return hint === undefined ? `${status}: ${error.message}` : `${status}: ${hint}`;
}
