import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliRig, LAUNCHER, runInProcess, type CliRig } from './cli-rig.ts';

let rig: CliRig;
beforeAll(async () => {
  rig = await createCliRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

/** What stands under `Commands:` in a help. */
const listSubcommands = (help: string): readonly string[] =>
  [...(help.split(/^Commands:$/m)[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = '']) => name);

/** The help of the command and of every one below it. */
async function readHelps(words: readonly string[]): Promise<readonly string[]> {
  const outcome = await runInProcess([...words, '--help'], rig.directory);
  expect({ words, code: outcome.code, stderr: outcome.stderr }).toEqual({ words, code: 0, stderr: '' });
  const texts = [`$ ${['tekton-dag', ...words, '--help'].join(' ')}\n${outcome.stdout}`];
  for (const name of listSubcommands(outcome.stdout)) texts.push(...(await readHelps([...words, name])));
  return texts;
}

describe('help', () => {
  it('is what the golden file says, for every command, on stdout and with exit code 0', async () => {
    const texts = await readHelps([]);
    await expect(texts.join('\n')).toMatchFileSnapshot('golden/help.txt');
    expect(texts[0]).toContain((await rig.run(['--help'])).stdout);
  });
});

describe.concurrent('a usage error', () => {
  it.each([
    [[], 'Usage: tekton-dag'],
    [['stac'], "error: unknown command 'stac'\nhint: did you mean stack?\n"],
    [['stack'], 'Usage: tekton-dag stack'],
    [['stack', 'graph'], "error: missing required argument 'file'"],
    [
      ['stack', 'graph', 'f', '--topo', '--entry'],
      "error: option '--topo' cannot be used with option '--entry'",
    ],
    [['stack', 'list', '-o', 'xml'], "error: option '-o, --output <format>' argument 'xml' is invalid"],
    [['run', 'list', '--pr', '1.5'], 'it must be a whole number from 1 up'],
    [['run', 'get', 'x', '--nope'], "error: unknown option '--nope'"],
    [['run', 'create'], "error: required option '--stack <file>' not specified"],
    [['local', 'up', '--port', '70000'], 'it must be a port from 0 to 65535'],
    [
      ['webhook', 'send', '--url', 'ftp://x', '--secret-file', 's', '--payload', 'p'],
      'must be an http or https URL',
    ],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
    [['step', 'nonsense'], 'unknown step "nonsense"'],
    [['router'], 'error: the router needs a token for its admin port'],
  ])('in %j exits 2, says why on stderr and nothing on stdout', async (args, message) => {
    const outcome = await rig.run(args);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain(message);
  });
});

describe.concurrent('version and launcher', () => {
  it('prints the version of the package and of Node', async () => {
    const outcome = await rig.run(['version', '-o', 'json']);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ version: '0.1.0', node: process.versions.node });
  });

  it('prints its version as other programs do', async () => {
    expect(await rig.run(['--version'])).toEqual({ code: 0, stdout: 'tekton-dag 0.1.0\n', stderr: '' });
  });

  it('keeps its exit code when the reader of stderr goes away', async () => {
    const cli = rig.start(['team', 'validate', 'nowhere']);
    cli.child.stderr?.destroy();
    expect(await cli.exited).toMatchObject({ code: 3, stdout: '' });
  });

  it.runIf(existsSync('/dev/full'))('says so when the result cannot be written', async () => {
    await using full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [LAUNCHER, 'version'], { stdio: ['ignore', full.fd, 'pipe'] });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code]: unknown[] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the result cannot be written: .*ENOSPC/);
  });

  it('writes nothing to stderr when the reader of stdout goes away', async () => {
    const cli = rig.start(['completion', 'bash']);
    cli.child.stdout?.destroy();
    expect(await cli.exited).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.concurrent('completion', () => {
  it('gives bash the subcommands and options of what was typed so far', async () => {
    const script = await rig.file('completion.bash', (await rig.run(['completion', 'bash'])).stdout);
    const complete = (words: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const text = `source "$0"; COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _tekton_dag; echo "\${COMPREPLY[@]}"`;
        execFile('bash', ['--norc', '-c', text, script], (error, stdout) => {
          if (error === null) resolve(stdout.trim());
          else reject(error);
        });
      });
    expect(await complete('tekton-dag st')).toBe('stack step');
    expect(await complete('tekton-dag stack ""')).toMatch(/^list validate graph plan /);
    expect(await complete('tekton-dag run create --wa')).toBe('--watch');
    expect(await complete('tekton-dag --no-color completion f')).toBe('fish');
  });

  it('has a script for zsh and one for fish', async () => {
    const zsh = await rig.run(['completion', 'zsh']);
    const fish = await rig.run(['completion', 'fish']);
    expect(zsh.stdout.startsWith('#compdef tekton-dag\n')).toBe(true);
    expect(fish.stdout).toContain("-a logs -d 'print the logs of a run\\'s steps'");
  });
});
