/** The images that need no build any more: of an earlier attempt of this task, or of the run that this one continues. */
import { parseImages, RUN_RECORD_KEYS, type Images, type Plan } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { readRunRecord, readRunRecordPart, type RunIdentity } from '../kubernetes/run-record.ts';

/** App to image; only those of the plan's content. */
export const readMadeImages = async (
  client: KubeClient,
  run: RunIdentity,
  { buildApps }: Pick<Plan, 'buildApps'>,
): Promise<Map<string, Images[string]>> => {
  const part = { key: RUN_RECORD_KEYS.images, parse: parseImages };
  if ((await readRunRecord(client, run))?.[part.key] === undefined) return new Map();
  const images = await readRunRecordPart(client, run, part);
  const wanted = new Map(buildApps.map(({ app, contentKey }) => [app, contentKey]));
  return new Map(Object.entries(images).filter(([app, { contentKey }]) => wanted.get(app) === contentKey));
};
