/** A container is a process group of the host: environment, output, signals, end. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRuntimeRig, textOf } from './runtime-rig.ts';

const SH = { image: 'busybox:1' };

describe('a container process', () => {
  it('runs the command and reports output and exit code', async () => {
    await using rig = createRuntimeRig();
    const exit = await rig.run({ ...SH, command: ['sh', '-c', 'echo out; echo err >&2; exit 3'] });
    expect(exit.exitCode).toBe(3);
    expect(exit.output.split('\n').sort().join(' ').trim()).toBe('err out');
    expect(rig.log()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z std(out|err) F (out|err)$/m);
  });

  it('gets only the given environment and what the runtime promises', async () => {
    process.env['HOST_SECRET'] = 'do-not-leak';
    await using rig = createRuntimeRig();
    const { output } = await rig.run({ ...SH, command: ['env'], env: { GREETING: `it's "$(id)" \u00fc` } });
    delete process.env['HOST_SECRET'];
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.replace(/=.*/, ''))
      .filter((name) => name !== 'PWD')
      .sort();
    expect(names).toEqual(
      [
        'GREETING',
        'HOME',
        'HOSTNAME',
        'LANG',
        'PATH',
        'TEKTON_DAG_CONTAINER_ID',
        'TEKTON_DAG_HOST_TOOLCHAIN',
        'TMPDIR',
      ].sort(),
    );
    expect(output).toContain(`GREETING=it's "$(id)" \u00fc\n`);
  });

  it('passes arguments through no shell', async () => {
    await using rig = createRuntimeRig();
    const hostile = '$(touch /nowhere) `id`; "quoted" \n next';
    const { output } = await rig.run({ ...SH, command: ['printf', '%s'], args: [hostile] });
    expect(output.trimEnd()).toBe(hostile);
  });

  it('names the program to install when it is missing', async () => {
    await using rig = createRuntimeRig({ hostPath: '/nonexistent' });
    const started = await rig.runtime.start(rig.spec({ image: 'maven:3', command: ['mvn', 'verify'] }));
    expect(started).toMatchObject({ ok: false, error: { reason: 'StartError' } });
    expect(!started.ok && started.error.message).toMatch(
      /^image maven:3: program "mvn" is not on the PATH; install Maven/,
    );
  });

  it('runs this program for an image named tekton-dag, wherever the image comes from', async () => {
    await using rig = createRuntimeRig();
    const image = 'ghcr.io/acme/tekton-dag:0.1.0';
    const { output } = await rig.run({ image, command: ['tekton-dag', 'step', 'prepare'] });
    expect(output.trim()).toBe('self step prepare');
    const other = await rig.run({ image, args: ['router'] });
    expect(other.output).toContain('self router');
  });

  it('reports death by a signal as 128 plus its number', async () => {
    await using rig = createRuntimeRig();
    expect(await rig.run({ ...SH, command: ['sh', '-c', 'kill -9 $$'] })).toMatchObject({ exitCode: 137 });
  });

  it('lets a program end in its own time after SIGTERM', async () => {
    await using rig = createRuntimeRig();
    const script = 'trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.02; done';
    const started = await rig.runtime.start(rig.spec({ ...SH, command: ['sh', '-c', script] }));
    if (!started.ok) throw new Error(started.error.message);
    await expect.poll(() => textOf(rig.log()), { timeout: 30_000 }).toContain('up');
    expect(await started.value.stop(10_000)).toMatchObject({ exitCode: 7 });
    expect(textOf(rig.log())).toContain('bye');
  });

  it('kills a program that ignores SIGTERM, and its children with it', async () => {
    await using rig = createRuntimeRig();
    const marker = `ignores-${process.pid}`;
    const loop = 'trap "" TERM; echo up; while :; do sleep 0.02; done';
    const script = `trap "" TERM; sh -c '${loop}' ${marker} & wait`;
    const started = await rig.runtime.start(rig.spec({ ...SH, command: ['sh', '-c', script] }));
    if (!started.ok) throw new Error(started.error.message);
    await expect.poll(() => textOf(rig.log()), { timeout: 30_000 }).toContain('up');
    expect(isRunning(marker)).toBe(true);
    expect(await started.value.stop(50)).toMatchObject({ exitCode: 137 });
    expect(isRunning(marker)).toBe(false);
  });

  it('ends what the first process leaves running in the background', async () => {
    await using rig = createRuntimeRig();
    const marker = `left-${process.pid}`;
    await rig.run({ ...SH, command: ['sh', '-c', `sh -c 'sleep 1000; true' ${marker} &`] });
    expect(isRunning(marker)).toBe(false);
  });

  it('cuts long lines into parts and keeps the unfinished last line', async () => {
    await using rig = createRuntimeRig();
    await rig.run({
      ...SH,
      command: [process.execPath, '-e', 'process.stdout.write("x".repeat(40000) + "\\nend")'],
    });
    const tags = rig
      .log()
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[2]);
    expect(tags).toEqual(['P', 'P', 'F', 'P']);
    expect(textOf(rig.log()).replaceAll('\n', '')).toBe(`${'x'.repeat(40_000)}end`);
  });

  it('cuts the log at its cap with a notice and lets the program go on', async () => {
    await using rig = createRuntimeRig({ maxLogBytes: 10_000 });
    const exit = await rig.run({
      ...SH,
      command: ['sh', '-c', 'i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; exit 4'],
    });
    expect(exit.exitCode).toBe(4);
    expect(rig.log().length).toBeLessThan(200_000);
    expect(exit.output).toContain('[log cut after 10000 bytes]');
  });

  it('shows a mount to command, arguments, environment and working directory', async () => {
    await using rig = createRuntimeRig();
    const hostPath = join(rig.paths.state, 'config');
    mkdirSync(hostPath);
    writeFileSync(join(hostPath, 'key'), 'value\n');
    const mounts = [{ hostPath, path: '/etc/app' }];
    const script = 'cat /etc/app/key; cat "$FILE"; cat key; cat $1';
    const { output } = await rig.run({
      ...SH,
      command: ['sh', '-c', script, 'sh'],
      args: ['/etc/app/key'],
      env: { FILE: '/etc/app/key' },
      workingDir: '/etc/app',
      mounts,
    });
    expect(output).toBe('value\n'.repeat(4));
  });

  it('keeps a missing working directory away from the host', async () => {
    await using rig = createRuntimeRig();
    const { exitCode } = await rig.run({
      ...SH,
      command: ['sh', '-c', 'echo x > here'],
      workingDir: '/never-made/by-a-test',
    });
    expect(exitCode).toBe(0);
    expect(existsSync('/never-made')).toBe(false);
  });

  it('starts nothing after close', async () => {
    await using rig = createRuntimeRig();
    await rig.runtime.close();
    expect(await rig.runtime.start(rig.spec({ ...SH, command: ['true'] }))).toMatchObject({ ok: false });
  });
});

/** True when a live process has this argument; a zombie has none. */
function isRunning(argument: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => readCommandLine(pid).includes(argument));
}

function readCommandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
