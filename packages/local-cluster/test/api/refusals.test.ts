/** What the API server refuses of kinds that have no effect on a local cluster: it would be refused on a real one too. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const ingressOf = (rule: object): object => ({ spec: { rules: [rule] } });
const backend = { service: { name: 'app', port: { number: 80 } } };

describe('the API', () => {
  let cluster: TestCluster;
  const post = (version: string, resource: string, body: object) =>
    cluster.request(`${pathOf(version)}/namespaces/${cluster.namespace}/${resource}`, {
      method: 'POST',
      body: { apiVersion: version, metadata: { name: 'any' }, ...body },
    });
  const pathOf = (version: string): string => (version === 'v1' ? '/api/v1' : `/apis/${version}`);

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it.each([
    {
      what: 'a host in capitals',
      version: 'networking.k8s.io/v1',
      resource: 'ingresses',
      body: {
        kind: 'Ingress',
        ...ingressOf({ host: 'UPPER', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }),
      },
      problem: 'spec.rules[0].host: Invalid value: "UPPER": a lowercase RFC 1123 subdomain must consist of',
    },
    {
      what: 'a relative path',
      version: 'networking.k8s.io/v1',
      resource: 'ingresses',
      body: {
        kind: 'Ingress',
        ...ingressOf({ http: { paths: [{ path: 'x', pathType: 'Exact', backend }] } }),
      },
      problem: 'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
    },
    {
      what: 'a path of no type',
      version: 'networking.k8s.io/v1',
      resource: 'ingresses',
      body: { kind: 'Ingress', ...ingressOf({ http: { paths: [{ path: '/x', backend }] } }) },
      problem: 'spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified',
    },
    {
      what: 'more pods at least than at most',
      version: 'autoscaling/v2',
      resource: 'horizontalpodautoscalers',
      body: {
        kind: 'HorizontalPodAutoscaler',
        spec: {
          minReplicas: 5,
          maxReplicas: 2,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' },
        },
      },
      problem: 'spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`',
    },
    {
      what: 'a budget of two bounds',
      version: 'policy/v1',
      resource: 'poddisruptionbudgets',
      body: {
        kind: 'PodDisruptionBudget',
        spec: { minAvailable: 1, maxUnavailable: 1, selector: { matchLabels: { app: 'a' } } },
      },
      problem: 'minAvailable and maxUnavailable cannot be both set',
    },
    {
      what: 'credentials of a registry that are none',
      version: 'v1',
      resource: 'secrets',
      body: { kind: 'Secret', type: 'kubernetes.io/dockerconfigjson' },
      problem: 'data[.dockerconfigjson]: Required value',
    },
    {
      what: 'a certificate without its key',
      version: 'v1',
      resource: 'secrets',
      body: { kind: 'Secret', type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x' } },
      problem: 'data[tls.key]: Required value',
    },
  ])('refuses $what', async ({ version, resource, body, problem }) => {
    const answer = await post(version, resource, body);
    expect(answer).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect(readText(answer.body, 'message')).toContain(problem);
  });

  it('never changes the role of a binding', async () => {
    const rbac = 'rbac.authorization.k8s.io';
    const bindingOf = (role: string): object => ({
      kind: 'RoleBinding',
      roleRef: { apiGroup: rbac, kind: 'Role', name: role },
      subjects: [],
    });
    expect((await post(`${rbac}/v1`, 'rolebindings', bindingOf('one'))).status).toBe(201);
    const path = `/apis/${rbac}/v1/namespaces/${cluster.namespace}/rolebindings/any`;
    const patch = async (role: string) =>
      await cluster.request(path, {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body: bindingOf(role),
      });
    expect((await patch('one')).status).toBe(200);
    const changed = await patch('other');
    expect(changed.status).toBe(422);
    expect(readText(changed.body, 'message')).toContain('cannot change roleRef');
  });

  it('says why a JSON patch does not fit in a form that kubectl shows', async () => {
    await post('v1', 'configmaps', { kind: 'ConfigMap', data: { a: '1' } });
    const answer = await cluster.request(`/api/v1/namespaces/${cluster.namespace}/configmaps/any`, {
      method: 'PATCH',
      contentType: 'application/json-patch+json',
      body: [{ op: 'test', path: '/data/a', value: '2' }],
    });
    expect(answer.status).toBe(422);
    expect(readText(answer.body, 'message')).not.toBe('');
    expect(readText(answer.body, 'details', 'kind')).toBe('');
  });
});
