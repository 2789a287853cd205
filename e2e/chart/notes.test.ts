/** What Helm prints after an install: the one thing to do next, for what was installed. */

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseChartObjects } from './rig/chart-object.ts';
import { GOLDEN_RELEASES } from './rig/chart-releases.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderOnce } from './rig/render-once.ts';
import { CHART, renderGood, type Release } from './rig/render-release.ts';

const EVERY_FEATURE: Release = GOLDEN_RELEASES['every-feature'];
const EXAMPLE = 'is an example';

/** Holds the notes as an object, since `helm template` prints objects alone. */
const NOTES_OBJECT = `apiVersion: v1
kind: ConfigMap
metadata: { name: the-notes }
data:
  text: {{ include "the-notes" . | toJson }}
`;

let chart: string;

async function copyChart(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'tekton-dag-notes-'));
  await cp(CHART, copy, { recursive: true, dereference: true });
  const notes = await readFile(join(copy, 'templates/NOTES.txt'), 'utf8');
  await writeFile(join(copy, 'templates/_notes.tpl'), `{{- define "the-notes" }}${notes}{{ end }}`);
  await writeFile(join(copy, 'templates/notes.yaml'), NOTES_OBJECT);
  return copy;
}

async function readNotes(release: Release): Promise<string> {
  const objects = parseChartObjects(await renderGood({ ...release, chart }));
  const { text } = Object(objects.find(({ metadata }) => metadata.name === 'the-notes')?.['data']);
  return String(text);
}

/** Secrets without which the pod of the service does not start. */
async function awaitedSecrets(release: Release): Promise<readonly string[]> {
  const deployment = /^kind: Deployment$[^]*?^---$/m.exec(await renderOnce(release))?.[0] ?? '';
  const volumes = deployment.slice(deployment.indexOf('\n      volumes:'));
  const named = [...volumes.matchAll(/(?:secretName|secret:\s+name): "([^"]+)"/g)];
  return named.map(([, name = '']) => name);
}

describeWithHelm('the notes', () => {
  beforeAll(async () => {
    chart = await copyChart();
  });
  afterAll(() => rm(chart, { recursive: true }));

  it.each([
    ['the default values', {}, 2],
    ['every feature', EVERY_FEATURE, 7],
  ])('say how to make each Secret that the pod waits for: %s', async (_, release, count) => {
    const [notes, secrets] = await Promise.all([readNotes(release), awaitedSecrets(release)]);
    expect(new Set(secrets).size).toBe(count);
    const { namespace = 'default' } = release;
    for (const secret of secrets)
      expect(notes).toContain(`kubectl create secret generic ${secret} -n ${namespace} --from-file=`);
  });

  it.each([
    ['inside the cluster', {}, 'http://tekton-dag.default.svc:8080/webhook/github in the cluster'],
    ['at an Ingress', EVERY_FEATURE, 'https://ci.example.com/webhook/github'],
    [
      'at a route',
      { set: { 'orchestrator.httpRoute': { enabled: true, hostnames: ['hooks.example.com'] } } },
      'https://hooks.example.com/webhook/github',
    ],
    [
      'at a route whose gateway has the host names',
      { set: { 'orchestrator.httpRoute.enabled': true } },
      'http://tekton-dag.default.svc:8080/webhook/github in the cluster',
    ],
  ])('say where webhooks go: %s', async (_, release, address) => {
    expect(await readNotes(release)).toContain(`\nWebhooks go to\n  ${address}`);
  });

  it('say that the team is an example as long as it is', async () => {
    expect(await readNotes({})).toContain(EXAMPLE);
    const set = { gitUrl: 'https://git.example.com/shop/platform' };
    expect(await readNotes({ set })).not.toContain(EXAMPLE);
  });

  it('say nothing of a service where there is none', async () => {
    const notes = await readNotes({ set: { 'orchestrator.enabled': false } });
    expect(notes).not.toContain('kubectl create secret');
    expect(notes).not.toContain('Webhooks go to');
    expect(notes).toContain('helm test');
  });
});
