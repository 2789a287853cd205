/** A checkout of team files and stacks in a temporary directory, and what `tekton-dag team validate` says of it. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { runInProcess } from './cli-rig.ts';

export const teamText = (name: string, more = ''): string =>
  `name: ${name}
imageRegistry: ghcr.io/acme
gitUrl: https://github.com/acme/p
interceptBackend: gateway
stacks: [stacks/${name}.yaml]
${more.includes('namespace:') ? '' : `namespace: ${name}\n`}${more}`;

export const stackText = (name: string, namespace = `${name}-apps`): string =>
  `name: ${name}\napps:\n  - { name: ${name}, repo: acme/${name}, role: standalone, namespace: ${namespace} }\n`;

/** A line without its hint. */
const withoutHint = (line: string): string => line.replace(/ \([^()]*\)$/, '');

export interface TeamsCheckout extends AsyncDisposable {
  readonly directory: string;
  /** Writes the files, then gives the lines of the answer without their hints. */
  validate(files: Readonly<Record<string, string>>): Promise<readonly string[]>;
}

export async function createTeamsCheckout(): Promise<TeamsCheckout> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-releases-'));
  return {
    directory,
    validate: async (files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), text);
      }
      const { code, stdout } = await runInProcess(['team', 'validate'], directory);
      const lines = stdout.split('\n').filter((line) => line !== '');
      expect(code).toBe(lines.some((line) => line.startsWith('error:')) ? 3 : 0);
      return lines.map(withoutHint);
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
