/** Loads the platform in PLATFORM_DIR as a process of its own, asks for repositories of ManyTeams, and says on stdout how long both took. */

import { readPlatform } from '@tekton-dag/orchestrator';
import { join } from 'node:path';
import { repositoryOf } from './write-teams.ts';

const LOOKUPS = 1_000_000;
const APPS = 40;

const { PLATFORM_DIR = '' } = process.env;
const usedBefore = process.cpuUsage();
const startedAt = performance.now();
const { routes, teams, problems } = await readPlatform({
  platformDir: PLATFORM_DIR,
  teamsDir: join(PLATFORM_DIR, 'teams'),
  defaultNamespaceOf: () => 'staging',
});
const loadMs = performance.now() - startedAt;
const used = process.cpuUsage(usedBefore);
/** The same on a busy machine. */
const loadCpuMs = (used.user + used.system) / 1_000;
if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));

const names = Array.from({ length: APPS * 100 }, (_, index) => repositoryOf(index % 100, index % APPS));
const askedAt = performance.now();
let found = 0;
for (let index = 0; index < LOOKUPS; index += 1) {
  found += routes.find('github.com', names[index % names.length] ?? '').length;
}
const lookupNs = ((performance.now() - askedAt) * 1e6) / LOOKUPS;
if (found !== LOOKUPS) throw new Error(`${found} targets found`);
process.stdout.write(`${JSON.stringify({ teams: teams.size, loadMs, loadCpuMs, lookupNs })}\n`);
