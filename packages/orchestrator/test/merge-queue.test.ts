/** A merge queue asks whether its commit is good: it gets a run, and a check that concludes. */

import { expect, it } from 'vitest';
import { startConversationRig, type ConversationRig } from './conversation-rig.ts';
import { eventually } from './eventually.ts';
import { mergeGroupPayload } from '../src/testing/index.ts';

const QUEUED = 'd'.repeat(40);

async function endRunOf(talk: ConversationRig, number: number, sha: string): Promise<void> {
  const namesOf = async (): Promise<readonly string[]> =>
    (await talk.runsOf(number))
      .filter(({ metadata }) => metadata.annotations?.['tekton-dag.io/sha'] === sha)
      .map(({ metadata }) => metadata.name ?? '');
  await eventually(namesOf).toHaveLength(1);
  for (const name of await namesOf()) await talk.finish(name, 'True', {});
}

it('concludes the check of the commit that the queue made', async () => {
  await using talk = await startConversationRig();
  // The pull request was changed after the queue made its commit: by a label, or by being queued.
  await talk.openPullRequest({ number: 42, author: 'ada', updatedAt: '2026-01-02T05:00:00Z' });
  await endRunOf(talk, 42, 'a'.repeat(40));
  await eventually(() => talk.checkOf('a'.repeat(40))?.conclusion).toBe('success');
  const answer = await talk.rig.deliver(mergeGroupPayload({ number: 42 }), { event: 'merge_group' });
  expect(answer).toMatchObject({ code: 202, mode: 'pr' });
  await eventually(() => talk.checkOf(QUEUED)?.status).toBeDefined();
  await endRunOf(talk, 42, QUEUED);
  await eventually(() => talk.checkOf(QUEUED)).toMatchObject({ status: 'completed', conclusion: 'success' });
}, 60_000);
