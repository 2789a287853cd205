/** runVitest: runs vitest, shows what it prints, counts, and names what passed only when it was repeated. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
  /** Of every try: one that passed has some when it was repeated. */
  readonly failureMessages: readonly string[];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

/** A file that fails to load counts as a failure although it holds no failed test. */
function readTotals(report: VitestReport): Totals {
  const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 || !report.success ? 1 : 0);
  return { passed: report.numPassedTests, failed };
}

/** A test that is repeated until it passes may hide a defect. */
function printRepeated({ testResults }: VitestReport): void {
  for (const { name, assertionResults } of testResults) {
    for (const { fullName, status, failureMessages } of assertionResults) {
      const [first] = failureMessages;
      if (status !== 'passed' || first === undefined) continue;
      console.log(
        `passed when repeated: ${relative(process.cwd(), name)} > ${fullName}: ${first.split('\n')[0]}`,
      );
    }
  }
}

/** One failure when vitest ends without a report. */
export function runVitest(projects: readonly string[], env: NodeJS.ProcessEnv): Totals {
  const directory = mkdtempSync(join(tmpdir(), 'tekton-dag-tests-'));
  const file = join(directory, 'report.json');
  const chosen = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  spawnSync('vitest', ['run', ...chosen, ...reporters], { stdio: 'inherit', env });
  try {
    const report: VitestReport = JSON.parse(readFileSync(file, 'utf8'));
    printRepeated(report);
    return readTotals(report);
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
