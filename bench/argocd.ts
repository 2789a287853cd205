/**
 * Teams by Argo CD on a real cluster: the folders of TEAMS (1, then 10) teams come in one push, which Argo CD is told of as
 * by a forge's webhook, and the clock runs until each release is Synced and Healthy, that is: its orchestrator is ready. JSON
 * lines `{name, teams, firstMs, medianMs, lastMs}`. Needs what `make test-cluster` needs, and Argo CD; without, nothing is
 * measured.
 */

import { createArgoRig } from '../e2e/argocd/rig/argo-rig.ts';
import { ARGO_SKIP } from '../e2e/argocd/rig/argo-skip.ts';
import { renderTeamFiles } from '../e2e/argocd/rig/team-files.ts';
import { quantile } from './service/quantile.ts';

const COUNTS = (process.env['TEAMS'] ?? '1,10').split(',').map(Number);

if (ARGO_SKIP === undefined) for (const count of COUNTS) await measure(count);
else process.stderr.write(`${ARGO_SKIP}: left out\n`);

async function measure(teams: number): Promise<void> {
  await using rig = await createArgoRig();
  const names = Array.from({ length: teams }, (_, index) => rig.nameTeam(`bench${index}`));
  for (const name of names) await rig.createSecrets(name);
  const folders = Object.assign({}, ...names.map((name) => renderTeamFiles(rig, name)));
  const start = performance.now();
  const revision = await rig.push(folders);
  const elapsed = await Promise.all(
    names.map(async (name) => {
      // On a busy machine ten teams take longer than one wait.
      await rig.waitForTeam(name, revision).catch(() => rig.waitForTeam(name, revision));
      return performance.now() - start;
    }),
  );
  const sorted = Float64Array.from(elapsed).sort();
  const [firstMs, medianMs, lastMs] = [0, 0.5, 1].map((share) => Math.round(quantile(sorted, share)));
  process.stdout.write(`${JSON.stringify({ name: 'teams by Argo CD', teams, firstMs, medianMs, lastMs })}\n`);
}
