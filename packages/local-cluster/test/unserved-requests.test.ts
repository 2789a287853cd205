/** What kubectl asks for and a local cluster does not do: said as such, not as a mistake of the caller. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from './cluster-fixture.ts';

describe('a local cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it.each(['exec', 'attach', 'portforward'])('says that it does not serve pods/%s', async (subresource) => {
    const path = `/api/v1/namespaces/${cluster.namespace}/pods/any/${subresource}`;
    expect(await cluster.request(path, { method: 'POST' })).toMatchObject({
      status: 404,
      body: {
        reason: 'NotFound',
        message: `the server could not find the requested resource: a local cluster does not serve pods/${subresource}`,
      },
    });
  });
});
