/** writePrivateFile beside a program that reads the same file all the time, as containers read their kubeconfig. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { writePrivateFile } from '../src/write-private-file.ts';

const CONTENT = 'x'.repeat(2000);
const READS = 5000;

/** Says `ready`, reads the file again and again, then says how often it was not whole. */
const READER = `
  const { readFileSync } = require('node:fs');
  const [file, size, reads] = process.argv.slice(1);
  console.log('ready');
  let torn = 0;
  for (let index = 0; index < Number(reads); index += 1) if (readFileSync(file).length !== Number(size)) torn += 1;
  console.log(String(torn));
`;

it('never shows a part of a file to those who read it meanwhile', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'private-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'kubeconfig');
  writePrivateFile(file, CONTENT);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const reader = spawn(process.execPath, ['-e', READER, file, String(CONTENT.length), String(READS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(reader, 'close');
  const said: string[] = [];
  const lines = createInterface({ input: reader.stdout }).on('line', (line) => said.push(line));
  await once(lines, 'line');
  while (said.length < 2 && reader.exitCode === null) {
    for (let index = 0; index < 50; index += 1) writePrivateFile(file, CONTENT);
    await new Promise(setImmediate);
  }
  await ended;
  expect(said).toEqual(['ready', '0']);
});
