/** The chart renders to the golden files, from a bare checkout, and the same bytes each time. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOLDEN_RELEASES, listReleases } from './rig/chart-releases.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { compareGolden } from './rig/golden-file.ts';
import { CHART, CHECKOUT, renderGood, runHelm } from './rig/render-release.ts';
import { runProgram } from './rig/run-program.ts';

describeWithHelm('the rendered chart', () => {
  it.each(Object.entries(GOLDEN_RELEASES))(
    'is the golden file of %s; `make chart ARGS=--update` writes it',
    async (name, release) => {
      expect(await compareGolden(name, await renderGood(release))).toBe('same');
    },
  );

  it.each(Object.entries(listReleases()))(
    'is the same each time with the values of %s',
    async (_, release) => {
      const [first, second] = await Promise.all([renderGood(release), renderGood(release)]);
      expect(first).toBe(second);
    },
  );

  it('needs nothing but a clone of the repository', async () => {
    const root = await mkdtemp(join(tmpdir(), 'tekton-dag-chart-'));
    try {
      const clone = await runProgram('git', ['clone', '--quiet', '--depth=1', `file://${CHECKOUT}`, root]);
      expect(clone).toMatchObject({ code: 0 });
      const rendered = await renderGood({ chart: join(root, 'helm/tekton-dag') });
      expect(rendered).toMatch(/^kind: Deployment$/m);
      expect(rendered).toMatch(/^kind: Pipeline$/m);
      expect(rendered).toContain('name: stack-one');
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('is the same from a package, which holds what the links lead to', async () => {
    const root = await mkdtemp(join(tmpdir(), 'tekton-dag-package-'));
    try {
      expect(await runHelm(['package', CHART, '--destination', root])).toMatchObject({ code: 0, stderr: '' });
      const [file = ''] = await readdir(root);
      const [linked, packaged] = await Promise.all([renderGood(), renderGood({ chart: join(root, file) })]);
      expect(packaged).toBe(linked);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});

describe('the templates', () => {
  // https://helm.sh/docs/chart_template_guide/function_list: what would make two renders differ, or ask a cluster.
  const UNSTABLE =
    /\b(?:rand(?:Alpha|AlphaNum|Ascii|Bytes|Int|Numeric)|shuffle|uuidv4|now|ago|genCA\w*|genPrivateKey|genSelfSigned\w*|genSignedCert\w*|htpasswd|bcrypt|derivePassword|lookup|getHostByName|env|expandenv)\b/;

  it('use nothing that is random, looks at the clock or asks a cluster', async () => {
    const files = await readdir(join(CHART, 'templates'), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map(async ({ parentPath, name }) => ({
          name,
          text: await readFile(join(parentPath, name), 'utf8'),
        })),
    );
    expect(texts.length).toBeGreaterThan(10);
    const found = texts.flatMap(({ name, text }) =>
      actionsOf(text).flatMap((action) => (UNSTABLE.test(action) ? [`${name}: ${action}`] : [])),
    );
    expect(found).toEqual([]);
  });

  /** What stands in braces, without comments and texts. */
  function actionsOf(template: string): string[] {
    return [...template.matchAll(/\{\{-?\s*(?!\/\*)(.*?)-?\}\}/gs)].map(([, action = '']) =>
      action.replaceAll(/"(?:\\.|[^"\\])*"|`[^`]*`/g, '""'),
    );
  }
});
