/** Names of objects, with names of releases as long as Helm takes them. */

import { expect, it } from 'vitest';
import { idOf, parseChartObjects, type ChartObject } from './rig/chart-object.ts';
import { GOLDEN_RELEASES } from './rig/chart-releases.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderGood, renderRelease } from './rig/render-release.ts';

/** https://helm.sh/docs/chart_template_guide/builtin_objects: a release has at most 53 characters. */
const LONGEST = 53;
/** A name that DNS must find, or that a label repeats (RFC 1123); others may have 253. */
const LABEL_LENGTH = 63;
const NAMED_BY_DNS = ['Service', 'Deployment', 'EventListener', 'Namespace', 'PersistentVolumeClaim'];

async function renderNamed(name: string): Promise<ChartObject[]> {
  return parseChartObjects(await renderGood({ ...GOLDEN_RELEASES['every-feature'], name }));
}

describeWithHelm('a release with the longest name', () => {
  it.each([`tekton-dag-${'a'.repeat(LONGEST - 11)}`, 'b'.repeat(LONGEST)])(
    'has names and labels that Kubernetes takes: %s',
    async (name) => {
      expect(name).toHaveLength(LONGEST);
      for (const object of await renderNamed(name)) {
        const { kind, metadata } = object;
        const most = NAMED_BY_DNS.includes(kind) ? LABEL_LENGTH : 253;
        expect(metadata.name.length, idOf(object)).toBeLessThanOrEqual(most);
        for (const value of Object.values(metadata.labels)) {
          expect(value.length, idOf(object)).toBeLessThanOrEqual(LABEL_LENGTH);
        }
      }
    },
  );

  it('shares no name of its own with another whose name ends differently', async () => {
    const services = await Promise.all(
      ['x', 'y'].map(async (end) => {
        const objects = await renderNamed(`${'b'.repeat(LONGEST - 1)}${end}`);
        return objects.filter(({ kind }) => ['Service', 'Deployment', 'Role'].includes(kind)).map(idOf);
      }),
    );
    const [first = [], second = []] = services;
    expect(first.length).toBeGreaterThan(5);
    const shared = second.filter((id) => first.includes(id));
    expect(shared).toEqual(['Role all/tekton-dag-pipeline']);
  });
});

describeWithHelm('a name of which no Service can be made', () => {
  it.each([
    ['a release with a dot', { name: 'my.shop' }, 'my.shop-tekton-dag'],
    ['a release that begins with a digit', { name: '7shop' }, '7shop-tekton-dag'],
    ['an override that begins with a digit', { set: { fullnameOverride: '7shop' } }, '7shop'],
  ])('is refused: %s', async (_, release, fullname) => {
    const { code, stderr } = await renderRelease(release);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`fullnameOverride: "${fullname}" is not the name of a Service (`);
  });
});
