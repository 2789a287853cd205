/** planHook: what a repository's webhooks need so that exactly one tells us what we want to know. Pure. */

import { z } from 'zod';

/** A webhook as GitHub lists it (GitHub docs, REST API, "Repository webhooks"); a secret is never shown. */
export const hookSchema = z.object({
  id: z.number().int(),
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({
    url: z.string().optional(),
    content_type: z.string().optional(),
    insecure_ssl: z.union([z.string(), z.number()]).optional(),
  }),
});
export type Hook = z.infer<typeof hookSchema>;

export interface HookWish {
  readonly url: string;
  readonly events: readonly string[];
}

export interface HookPlan {
  readonly action: 'create' | 'update' | 'keep';
  /** The hook to update or keep. */
  readonly id: number | undefined;
  /** What differs, in words; empty unless it is an update. */
  readonly reasons: readonly string[];
  /** More hooks with our URL: each delivers everything once more. */
  readonly duplicates: readonly number[];
}

/** The oldest hook with our URL is ours. */
export function planHook(hooks: readonly Hook[], wish: HookWish): HookPlan {
  const [ours, ...others] = hooks
    .filter(({ config }) => config.url === wish.url)
    .toSorted((a, b) => a.id - b.id);
  const duplicates = others.map(({ id }) => id);
  if (ours === undefined) return { action: 'create', id: undefined, reasons: [], duplicates };
  const reasons = findReasons(ours, wish);
  return { action: reasons.length === 0 ? 'keep' : 'update', id: ours.id, reasons, duplicates };
}

function findReasons({ active, events, config }: Hook, wish: HookWish): string[] {
  const given = events.toSorted().join(', ');
  const wanted = wish.events.toSorted().join(', ');
  return [
    ...(active ? [] : ['it is not active']),
    ...(given === wanted ? [] : [`its events are ${given}`]),
    ...(config.content_type === 'json' ? [] : [`its content type is ${config.content_type ?? 'form'}`]),
    ...(String(config.insecure_ssl ?? '0') === '0' ? [] : ['it does not verify TLS']),
  ];
}
