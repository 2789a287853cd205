/** parseTeam: a team file's text to a Team. */

import type { Diagnostic } from '../diagnostic.ts';
import { parseFile } from '../file/parse-file.ts';
import { ok, type Result } from '../result.ts';
import { checkNamespaces } from './check-namespaces.ts';
import { type TeamFile, teamFileSchema } from './team-file-schema.ts';
import type { Team } from './team.ts';

/** `file` is the name that diagnostics bear. The error holds every problem of the file, in its order. */
export function parseTeam(text: string, file: string): Result<Team, Diagnostic[]> {
  const parsed = parseFile(text, file, teamFileSchema, (source) => checkNamespaces(source, [['namespace']]));
  return parsed.ok ? ok(toTeam(parsed.value)) : parsed;
}

function toTeam(file: TeamFile): Team {
  const host = file.host ?? 'github.com';
  return {
    namespace: 'tekton-pipelines',
    interceptBackend: 'gateway',
    maxConcurrentRuns: 3,
    maxParallelBuilds: 5,
    weight: 1,
    gitRevision: 'main',
    versionsFile: 'stacks/versions.yaml',
    gitBaseUrl: `https://${host}`,
    baseBranches: ['main'],
    allowedBots: [],
    compileImages: {},
    hooks: {},
    insecureRegistries: [],
    registryMirrors: {},
    packageProxies: {},
    ...file,
    host,
    access: (file.access ?? []).map(({ role, users = [], groups = [] }) => ({ role, users, groups })),
  };
}
