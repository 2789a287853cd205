#!/usr/bin/env node
/** Finds a Node that can run TypeScript: this one from version 24 on, else the one of the npm package `node`. */

import { spawn } from 'node:child_process';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache();
  await import('../src/main.ts');
} else {
  spawnNewerNode();
}

function spawnNewerNode() {
  const node = module.createRequire(import.meta.url).resolve('node/bin/node');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; a kill reaches only us.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 130;
  });
}
