/** Runs one test program against a base URL and reads its report. */
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { TestsVerdict } from '@tekton-dag/model';
import { runProgram, type ProgramOutcome } from '../run-program.ts';
import type { TestProgram } from './plan-programs.ts';
import { readJunit, type JunitTotals } from './read-junit.ts';

export type TestResult = TestsVerdict['results'][number];

export interface TestProgramOptions {
  readonly app: string;
  /** The app's context directory in its checkout. */
  readonly directory: string;
  /** Proxy that adds the session. */
  readonly baseUrl: string;
  /** Variables that tell the program of the session. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the JUnit report goes. */
  readonly junitFile: string;
  /** A missing file is then a skip. */
  readonly optional: boolean;
  readonly path: string | undefined;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** What a test program sees; nothing of the step's own environment, which may hold credentials. */
const environmentOf = ({
  baseUrl,
  variables,
  junitFile,
  path,
  directory,
}: TestProgramOptions): Record<string, string> => ({
  PATH: path ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: dirname(junitFile),
  LANG: 'C.UTF-8',
  CI: 'true',
  BASE_URL: baseUrl,
  JUNIT_FILE: junitFile,
  PWD: directory,
  ...variables,
});

const newmanArgs = (
  file: string,
  { baseUrl, variables, junitFile, directory }: TestProgramOptions,
): string[] => {
  const bin = createRequire(import.meta.url).resolve('newman/bin/newman.js');
  const values = Object.entries({ baseUrl, BASE_URL: baseUrl, ...variables });
  return [
    bin,
    'run',
    file,
    '--color=off',
    '--disable-unicode',
    // The collection is a stranger's: it may read its own repository and nothing else.
    '--no-insecure-file-read',
    `--working-dir=${directory}`,
    '--reporters=cli,junit',
    `--reporter-junit-export=${junitFile}`,
    ...values.flatMap(([name, value]) => ['--env-var', `${name}=${value}`]),
  ];
};

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

const result = (
  { app }: TestProgramOptions,
  program: TestProgram,
  rest: Omit<TestResult, 'app' | 'kind'>,
): TestResult => ({ app, kind: program.kind, ...rest });

const describeFailure = (outcome: ProgramOutcome, totals: JunitTotals | undefined): string => {
  const cases = totals?.failed.join(', ') ?? '';
  if (cases !== '') return cases.slice(0, 1_000);
  const last = outcome.stderr.trim().split('\n').at(-1) ?? '';
  return `exit code ${outcome.code} ${last}`.trim().slice(0, 1_000);
};

const judge = (
  program: TestProgram,
  options: TestProgramOptions,
  {
    outcome,
    totals,
    durationMs,
  }: { outcome: ProgramOutcome; totals: JunitTotals | undefined; durationMs: number },
): TestResult => {
  const { tests, failures } = totals ?? { tests: 1, failures: 0 };
  const shared = { tests, durationMs: Math.round(durationMs) };
  if (outcome.code === 0 && failures === 0)
    return result(options, program, { ...shared, outcome: 'passed', failures: 0 });
  const detail = describeFailure(outcome, totals);
  return result(options, program, { ...shared, outcome: 'failed', failures: Math.max(failures, 1), detail });
};

const execute = async (program: TestProgram, options: TestProgramOptions): Promise<TestResult> => {
  const [command = '', ...args] =
    program.kind === 'command'
      ? program.argv
      : [process.execPath, ...newmanArgs(program.kind === 'postman' ? program.file : '', options)];
  const startedMs = performance.now();
  const outcome = await runProgram(command, args, {
    cwd: options.directory,
    env: environmentOf(options),
    signal: options.signal,
    onLine: options.onLine,
  });
  const xml = await readFile(options.junitFile, 'utf8').catch(() => undefined);
  const totals = xml === undefined ? undefined : readJunit(xml);
  return judge(program, options, { outcome, totals, durationMs: performance.now() - startedMs });
};

const nothing = { tests: 0, failures: 0, durationMs: 0 };

const missingFile = (program: TestProgram, file: string, options: TestProgramOptions): TestResult =>
  options.optional
    ? result(options, program, {
        ...nothing,
        outcome: 'skipped',
        detail: `${file} does not exist (optional)`,
      })
    : result(options, program, {
        ...nothing,
        failures: 1,
        outcome: 'failed',
        detail: `${file} does not exist`,
      });

/** Runs it; a missing file, a bad exit code and a failing case all fail. */
export const runTestProgram = async (
  program: TestProgram,
  options: TestProgramOptions,
): Promise<TestResult> => {
  if (program.kind === 'playwright' || program.kind === 'artillery') {
    const detail = `${program.kind} is not run by this version`;
    return result(options, program, { ...nothing, outcome: 'skipped', detail });
  }
  if (program.kind === 'command') return await execute(program, options);
  const file = resolve(options.directory, program.file);
  const inside = file.startsWith(join(options.directory, sep));
  if (!inside || !(await exists(file))) return missingFile(program, program.file, options);
  return await execute({ ...program, file }, options);
};
