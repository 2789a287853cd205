/** Another program's view of the registry: crane pushes, copies, validates and deletes. Skipped where there is no crane. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type Registry } from '../../src/registry/start-registry.ts';
import { tarArchive } from '../runtime/tar-archive.ts';

const hasCrane = spawnSync('crane', ['version'], { stdio: 'ignore' }).status === 0;
const directory = mkdtempSync(join(tmpdir(), 'crane-'));
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry({ directory: join(directory, 'registry'), port: 0 });
});
afterAll(async () => {
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

async function crane(...args: string[]): Promise<string> {
  const child = spawn('crane', [...args, '--insecure'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout.trim();
}

describe.skipIf(!hasCrane)('the registry through crane', () => {
  it('takes an image, copies it between repositories, lists, validates and deletes it', async () => {
    const layer = join(directory, 'layer.tar');
    writeFileSync(layer, tarArchive([{ path: 'app/main.js', content: 'console.log(1)' }]));
    const image = `${registry.host}/acme/app`;
    await crane('append', '-f', layer, '-t', `${image}:v1`);
    await crane('tag', `${image}:v1`, 'v2');
    expect(await crane('ls', image)).toBe('v1\nv2');
    await crane('validate', '--remote', `${image}:v2`);
    const digest = await crane('digest', `${image}:v1`);
    await crane('copy', `${image}:v1`, `${registry.host}/acme/other:v1`);
    expect(await crane('digest', `${registry.host}/acme/other:v1`)).toBe(digest);
    expect(await crane('export', `${image}:v1`, '-')).toContain('console.log(1)');
    await crane('delete', `${image}@${digest}`);
    expect(await crane('ls', image)).toBe('');
  });
});
