/** No secret leaves the process: not in a log line, an answer, a metric or an object. */

import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { API_TOKEN, NEXT_SECRET, startRig, WEBHOOK_SECRET } from './orchestrator-rig.ts';

it('keeps its secrets through good requests and bad ones', async () => {
  const said: string[] = [];
  await using rig = await startRig({ onLog: (line) => said.push(line) });
  rig.api.failNext({ status: 503, reason: 'ServiceUnavailable', method: 'POST', path: 'pipelineruns' });
  const { pipelinerun } = await rig.deliver(pullRequestPayload({ number: 1 }));
  const names = async () => (await rig.runs()).map(({ metadata }) => metadata.name);
  await eventually(names).toEqual([pipelinerun]);
  const forged = await rig.send(signDelivery(pullRequestPayload(), { secret: 'guess' }));
  said.push(await forged.text());
  for (const path of ['/metrics', '/readyz', '/api/stacks', '/api/runs', '/api/nothing']) {
    said.push(await (await rig.call('GET', path)).text());
  }
  said.push(await (await rig.call('POST', '/api/run', { changed_app: 'x' })).text());
  said.push(JSON.stringify(await rig.runs()));
  expect(said.join('\n')).toContain('run created');
  for (const secret of [WEBHOOK_SECRET, NEXT_SECRET, API_TOKEN]) {
    expect(said.filter((text) => text.includes(secret))).toEqual([]);
  }
});
