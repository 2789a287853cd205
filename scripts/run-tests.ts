/** Runs the checks and every test that needs no cluster, and ends with one line: `N passed, N failed`. */

import { spawnSync } from 'node:child_process';
import { runVitest } from './run-vitest.ts';

const checks = ['format:check', 'lint', 'types'];

function runCheck(name: string): boolean {
  const started = Date.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return status === 0;
}

const checked = checks.map((name) => runCheck(name));
// These tests start a local cluster of their own, whatever cluster the user's shell points to.
const { KUBECONFIG: _ignored, ...env } = process.env;
const tests = runVitest(['unit', 'real'], env);
const passed = tests.passed + checked.filter(Boolean).length;
const failed = tests.failed + checked.filter((good) => !good).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
