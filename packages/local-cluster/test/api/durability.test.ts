/** kill -9 at any moment: every write that was acknowledged is there after a restart. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readField, readText } from '../../src/api/kinds/read-field.ts';
import { requestWith } from '../cluster-fixture.ts';
import { endProcess, startClusterProcess, type ClusterProcess } from '../start-cluster-process.ts';
import { describeLocally } from '../local-only.ts';

const PATH = '/api/v1/namespaces/default/configmaps';
const ROUNDS = 3;
const WRITES_BEFORE_KILL = 40;

const body = (name: string, value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

describeLocally('a cluster that is killed', () => {
  /** Writes until the server dies; tells what was acknowledged. */
  const writeUntilKilled = async (cluster: ClusterProcess, round: number): Promise<Map<string, string>> => {
    const acknowledged = new Map<string, string>();
    const request = requestWith(cluster.kubeconfigPath);
    for (let index = 0; ; index += 1) {
      const name = `r${round}-${index}`;
      if (index === WRITES_BEFORE_KILL) cluster.child.kill('SIGKILL');
      try {
        const answer = await request(PATH, { method: 'POST', body: body(name, String(index)) });
        if (answer.status !== 201) throw new Error(`not acknowledged: ${answer.status}`);
        acknowledged.set(name, readText(answer.body, 'metadata', 'resourceVersion'));
      } catch {
        return acknowledged;
      }
    }
  };

  it(
    'has every acknowledged write after each restart, and goes on counting',
    { timeout: 180_000 },
    async () => {
      const stateDir = mkdtempSync(join(tmpdir(), 'killed-'));
      const expected = new Map<string, string>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const cluster = await startClusterProcess(stateDir);
        for (const [name, version] of await writeUntilKilled(cluster, round)) expected.set(name, version);
        await endProcess(cluster.child, 'SIGKILL');
      }
      const cluster = await startClusterProcess(stateDir);
      const list = await requestWith(cluster.kubeconfigPath)(PATH);
      await endProcess(cluster.child, 'SIGTERM');
      rmSync(stateDir, { recursive: true });
      const items = readField(list.body, 'items');
      const found = new Map(
        (Array.isArray(items) ? items : []).map((item) => [
          readText(item, 'metadata', 'name'),
          readText(item, 'metadata', 'resourceVersion'),
        ]),
      );
      expect(expected.size).toBeGreaterThanOrEqual(ROUNDS * WRITES_BEFORE_KILL);
      expect([...expected].filter(([name, version]) => found.get(name) !== version)).toEqual([]);
      expect(new Set(found.values()).size).toBe(found.size);
    },
  );
});
