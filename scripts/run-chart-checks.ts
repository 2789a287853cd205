/**
 * `make chart`: lints, renders and validates the Helm chart with the values of e2e/chart and of every team, and compares
 * what came of them with the golden files; `make chart ARGS=--update` writes those anew. One line for each check.
 */

import { compareGolden, writeGolden } from '../e2e/chart/rig/golden-file.ts';
import { GOLDEN_RELEASES, listReleases } from '../e2e/chart/rig/chart-releases.ts';
import {
  CHART,
  CHECKOUT,
  HELM,
  KUBE_VERSION,
  renderRelease,
  runHelm,
  type Release,
} from '../e2e/chart/rig/render-release.ts';
import { findKubeconform, runKubeconform } from '../e2e/chart/rig/run-kubeconform.ts';

/** Undefined: good. */
type Fault = string | undefined;

const update = process.argv.includes('--update');
let failed = 0;

function report(name: string, fault: Fault): void {
  if (fault !== undefined) failed += 1;
  console.log(
    fault === undefined ? `ok   ${name}` : `FAIL ${name}\n${fault.trim().replaceAll(/^/gm, '     ')}`,
  );
}

async function lint({ namespace = 'default', files = [] }: Release): Promise<Fault> {
  const values = files.flatMap((file) => ['--values', `${CHECKOUT}/${file}`]);
  const options = ['--strict', '--namespace', namespace, '--kube-version', KUBE_VERSION];
  const { code, stdout, stderr } = await runHelm(['lint', CHART, ...options, ...values]);
  return code === 0 ? undefined : `${stdout}${stderr}`;
}

async function checkGolden(name: string, rendered: string): Promise<Fault> {
  if (update) await writeGolden(name, rendered);
  const state = await compareGolden(name, rendered);
  if (state === 'same') return undefined;
  return `e2e/chart/golden/${name}.yaml ${state === 'missing' ? 'is missing' : 'differs'}: look at it after \`make chart ARGS=--update\``;
}

async function checkRelease(name: string, release: Release, kubeconform: readonly [string, ...string[]]) {
  report(`lint ${name}`, await lint(release));
  const { code, stdout, stderr } = await renderRelease(release);
  report(`render ${name}`, code === 0 ? undefined : stderr);
  if (code !== 0) return;
  const conform = await runKubeconform(kubeconform, stdout);
  report(`schemas ${name}`, conform.code === 0 ? undefined : `${conform.stdout}${conform.stderr}`);
  if (Object.hasOwn(GOLDEN_RELEASES, name)) report(`golden ${name}`, await checkGolden(name, stdout));
}

const kubeconform = findKubeconform();
if (HELM === undefined || kubeconform === undefined) {
  const missing = HELM === undefined ? 'helm' : 'kubeconform (or go, which makes it)';
  console.error(`make chart needs ${missing} on the PATH`);
  process.exit(2);
}
for (const [name, release] of Object.entries(listReleases())) await checkRelease(name, release, kubeconform);
console.log(failed === 0 ? 'the chart is good' : `${failed} checks failed`);
process.exit(failed === 0 ? 0 : 1);
