/** The OpenAPI documents, in the forms that clients ask for. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const ANSWERED = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

describe('the OpenAPI documents', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it('are there as JSON, version 2 and 3', async () => {
    const [two, three] = await Promise.all(
      ['v2', 'v3'].map((version) => cluster.request(`/openapi/${version}`)),
    );
    expect(two).toMatchObject({ status: 200, body: { swagger: '2.0' } });
    // The index of version 3 is JSON that some servers call text.
    expect(three?.status).toBe(200);
    expect(JSON.stringify(three?.body)).toContain('/openapi/v3/api/v1?hash=');
  });

  it('are there as protobuf for clients that take version 2 in no other form', async () => {
    const answer = await cluster.request('/openapi/v2', { accept: PROTOBUF });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': ANSWERED } });
    // The first field of the message is the version, `2.0`.
    expect(String(answer.body).slice(0, 5)).toBe('\n\u00032.0');
  });
});
