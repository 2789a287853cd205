/** CustomResourceDefinitions: validation, defaulting, pruning, columns, status and scale, the end of a kind. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readField } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

describe('custom resources', () => {
  const group = `g${randomBytes(4).toString('hex')}.example.com`;
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  let cluster: TestCluster;
  let path: string;
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `boats.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'boats', singular: 'boat', kind: 'Boat' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
          additionalPrinterColumns: [
            { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
            { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
            { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: {
                    size: { type: 'integer', minimum: 1 },
                    replicas: { type: 'integer', default: 1 },
                    color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
                    port: { 'x-kubernetes-int-or-string': true },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                    crew: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: {
                        type: 'object',
                        required: ['name'],
                        properties: { name: { type: 'string' }, role: { type: 'string', default: 'hand' } },
                      },
                    },
                  },
                },
                status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              },
            },
          },
        },
      ],
    },
  };
  const boat = (name: string, spec: Record<string, unknown>) => ({
    apiVersion: `${group}/v1`,
    kind: 'Boat',
    metadata: { name },
    spec,
  });
  const create = (body: unknown) => cluster.request(path, { method: 'POST', body });

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/apis/${group}/v1/namespaces/${cluster.namespace}/boats`;
    await cluster.request(crds, { method: 'POST', body: crd });
    const waited = await cluster.kubectl([
      'wait',
      '--for=condition=Established',
      `crd/boats.${group}`,
      '--timeout=20s',
    ]);
    expect(waited.code).toBe(0);
    await vi.waitFor(async () => expect((await cluster.request(path)).status).toBe(200), { timeout: 20_000 });
  });
  afterAll(async () => {
    await cluster.request(`${crds}/boats.${group}`, { method: 'DELETE' });
    await cluster.close();
  });

  it('get their defaults at every depth', async () => {
    expect(await create(boat('defaults', { size: 3, crew: [{ name: 'x' }] }))).toMatchObject({
      status: 201,
      body: { spec: { size: 3, replicas: 1, color: 'red', crew: [{ name: 'x', role: 'hand' }] } },
    });
  });

  it('are refused with every problem at once', async () => {
    const refused = await create(boat('bad', { size: 0, color: 'green', port: true, crew: [{}] }));
    expect(refused.status).toBe(422);
    const causes = readField(refused.body, 'details', 'causes');
    const fields = (Array.isArray(causes) ? causes : []).map((cause) => readField(cause, 'field'));
    expect(fields).toEqual(
      expect.arrayContaining(['spec.size', 'spec.color', 'spec.port', 'spec.crew[0].name']),
    );
  });

  it('lose fields that the schema does not know, except where it keeps them', async () => {
    const { body } = await create(
      boat('pruned', { size: 1, sail: 2, free: { any: ['thing'] }, port: 'http' }),
    );
    expect(body).toMatchObject({ spec: { free: { any: ['thing'] }, port: 'http' } });
    expect(body).not.toHaveProperty('spec.sail');
  });

  it('show their own columns, wide ones too', async () => {
    await create(boat('columns', { size: 7 }));
    await cluster.request(`${path}/columns/status`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    });
    const narrow = await cluster.kubectl(['get', `boats.${group}`, 'columns', '--no-headers']);
    expect(narrow.stdout.trim().split(/\s+/)).toEqual(['columns', '7', 'True']);
    const wide = await cluster.kubectl(['get', `boats.${group}`, 'columns', '-o', 'wide', '--no-headers']);
    expect(wide.stdout.trim().split(/\s+/)).toEqual(['columns', '7', 'True', 'red']);
  });

  it('keep spec and status apart', async () => {
    await create(boat('apart', { size: 1 }));
    const patch = (target: string) =>
      cluster.request(`${path}/apart${target}`, {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body: { spec: { size: 2 }, status: { phase: 'Afloat' } },
      });
    expect((await patch('/status')).body).toMatchObject({ spec: { size: 1 }, status: { phase: 'Afloat' } });
    expect((await patch('')).body).toMatchObject({
      metadata: { generation: 2 },
      spec: { size: 2 },
      status: { phase: 'Afloat' },
    });
  });

  it('scale', async () => {
    await create(boat('scaled', { size: 1 }));
    const scaled = await cluster.kubectl(['scale', `boats.${group}/scaled`, '--replicas=4']);
    expect(scaled.code).toBe(0);
    expect((await cluster.request(`${path}/scaled`)).body).toMatchObject({ spec: { replicas: 4 } });
  });

  it('merge keyed lists under server-side apply as their schema says', async () => {
    await create(boat('crewed', { size: 1, crew: [{ name: 'a' }] }));
    const applied = await cluster.request(`${path}/crewed?fieldManager=m`, {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      body: boat('crewed', { crew: [{ name: 'b', role: 'cook' }] }),
    });
    expect(applied.body).toMatchObject({ spec: { crew: [{ name: 'a' }, { name: 'b', role: 'cook' }] } });
  });

  it('take no strategic merge patch', async () => {
    await create(boat('plain', { size: 1 }));
    const answer = await cluster.request(`${path}/plain`, {
      method: 'PATCH',
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { size: 2 } },
    });
    expect(answer.status).toBe(415);
  });

  it('are explained by kubectl', async () => {
    const { stdout } = await cluster.kubectl(['explain', `boats.spec`, '--api-version', `${group}/v1`]);
    expect(stdout).toMatch(/size\s+<integer> -required-/);
  });

  it('are refused as a definition that contradicts itself', async () => {
    const misnamed = { ...crd, metadata: { name: `wrong.${group}` } };
    expect((await cluster.request(crds, { method: 'POST', body: misnamed })).status).toBe(422);
  });

  it('go with their definition', async () => {
    await cluster.kubectl(['delete', 'crd', `boats.${group}`, '--timeout=20s']);
    await expect.poll(async () => (await cluster.request(path)).status, { timeout: 20_000 }).toBe(404);
  });
});
