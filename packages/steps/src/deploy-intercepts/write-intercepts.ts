/** Hands the intercepts on: to the run record, and as the task's result `deployed-pods`. */
import { writeFile } from 'node:fs/promises';
import { RUN_RECORD_KEYS, type Intercepts } from '@tekton-dag/model';
import { writeRunRecord } from '../kubernetes/run-record.ts';
import { say } from '../say.ts';
import type { InterceptRoom } from './intercept-room.ts';
import { deployedPodsText } from './deployed-pods-text.ts';

/** Sorted by app. */
export const writeIntercepts = async (room: InterceptRoom, intercepts: Intercepts): Promise<void> => {
  const { client, run, env, context } = room;
  const sorted = intercepts.toSorted((a, b) => a.app.localeCompare(b.app));
  await writeRunRecord(client, run, { [RUN_RECORD_KEYS.intercepts]: JSON.stringify(sorted) });
  if (env.DEPLOYED_PODS_PATH === '') return;
  const text = deployedPodsText(sorted);
  if (text === '{}' && sorted.length > 0)
    say(context, 'result deployed-pods: too many pods; see intercepts.json');
  await writeFile(env.DEPLOYED_PODS_PATH, text);
};
