/** What a team file does not say is the same for the program and for a release of the chart. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseTeam } from '@tekton-dag/model';
import { REPOSITORY } from './cli-rig.ts';

/** Keys that every team file says, and the namespace, which is the release's. */
const SAID = new Set(['name', 'namespace', 'imageRegistry', 'stacks', 'gitUrl']);

it('is filled in by the chart as the program does it', async () => {
  const text = 'name: shop\nimageRegistry: ghcr.io/acme\ngitUrl: https://git.example/p\nstacks: []\n';
  const parsed = parseTeam(text, 'team.yaml');
  const team = z.record(z.string(), z.unknown()).parse(parsed.ok ? parsed.value : undefined);
  const values = z
    .record(z.string(), z.unknown())
    .parse(parse(await readFile(join(REPOSITORY, 'helm/tekton-dag/values.yaml'), 'utf8')));
  const filled = Object.entries(values).filter(([key]) => key in team && !SAID.has(key));
  expect(filled.map(([key]) => key)).toContain('interceptBackend');
  expect(Object.fromEntries(filled)).toEqual(Object.fromEntries(filled.map(([key]) => [key, team[key]])));
});
