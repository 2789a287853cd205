/** Runs the checks and every test, and ends with one line: `N passed, N failed`. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const checks = ['format:check', 'lint', 'types'];

function runCheck(name: string): boolean {
  const started = Date.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return status === 0;
}

/** A file that fails to load counts as a failure although it holds no failed test. */
function readTotals(report: VitestReport): Totals {
  const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 || !report.success ? 1 : 0);
  return { passed: report.numPassedTests, failed };
}

function runVitest(): Totals {
  const directory = mkdtempSync(join(tmpdir(), 'tekton-dag-tests-'));
  const file = join(directory, 'report.json');
  spawnSync('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
    stdio: 'inherit',
  });
  try {
    const report: VitestReport = JSON.parse(readFileSync(file, 'utf8'));
    return readTotals(report);
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const checked = checks.map((name) => runCheck(name));
const tests = runVitest();
const passed = tests.passed + checked.filter(Boolean).length;
const failed = tests.failed + checked.filter((good) => !good).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
