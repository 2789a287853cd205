/** Runs one program with an argument array; never a shell. */
import { spawn } from 'node:child_process';

export interface RunProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Called for each line of both streams. */
  readonly onLine?: (line: string) => void;
  /** Bytes of each stream that are kept. */
  readonly maxOutputBytes?: number;
}

export interface ProgramOutcome {
  /** Exit code; 127 when the program does not exist, 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

const lineSplitter = (onLine: (line: string) => void) => {
  let rest = '';
  return {
    push(chunk: string): void {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    end(): void {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
};

const collect = (
  stream: NodeJS.ReadableStream,
  { onLine, maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES }: RunProgramOptions,
): (() => string) => {
  let text = '';
  const lines = onLine === undefined ? undefined : lineSplitter(onLine);
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < maxOutputBytes) text += chunk.slice(0, maxOutputBytes - text.length);
    lines?.push(chunk);
  });
  stream.on('end', () => lines?.end());
  return () => text;
};

/** Resolves for every exit code. Rejects only when the signal aborts. */
export const runProgram = (
  program: string,
  args: readonly string[],
  options: RunProgramOptions,
): Promise<ProgramOutcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const stdout = collect(child.stdout, options);
    const stderr = collect(child.stderr, options);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: 127, stdout: '', stderr: `${program}: not found` });
      else reject(error);
    });
    child.on('close', (code) => resolve({ code: code ?? 128, stdout: stdout(), stderr: stderr() }));
  });
