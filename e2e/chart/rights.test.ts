/** Who gets which right by a release: accounts of its own, in namespaces, and nobody else. */

import { expect, it } from 'vitest';
import { z } from 'zod';
import { listReleases } from './rig/chart-releases.ts';
import { idOf, type ChartObject } from './rig/chart-object.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderObjects } from './rig/render-once.ts';

const roleRef = z.object({ kind: z.string(), name: z.string() });
const bindingSchema = z.looseObject({
  roleRef,
  subjects: z.array(z.object({ kind: z.literal('ServiceAccount'), name: z.string(), namespace: z.string() })),
});

function rolesOf(objects: readonly ChartObject[]): Set<string> {
  return new Set(
    objects
      .filter(({ kind }) => kind.endsWith('Role'))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`),
  );
}

describeWithHelm('every right', () => {
  /** Another release makes them where this one is the second. */
  const FIXED_ACCOUNTS = ['tekton-dag-pipeline', 'tekton-dag-build', 'tekton-dag-router'];
  const clusterWide = { 'orchestrator.api.tokenReview': true };

  it.each(Object.entries(listReleases()))(
    'binds a role of the release to an account of it with the values of %s',
    async (name, release) => {
      const others = name === 'teams-from-config-maps';
      const objects = await renderObjects(release);
      const roles = rolesOf(objects);
      const accounts = new Set(objects.filter(({ kind }) => kind === 'ServiceAccount').map(idOf));
      const bindings = objects.filter(({ kind }) => kind.endsWith('RoleBinding'));
      expect(bindings.length).toBeGreaterThan(2);
      for (const object of bindings) {
        const { roleRef: role, subjects } = bindingSchema.parse(object);
        const namespace = role.kind === 'Role' ? (object.metadata.namespace ?? '') : '';
        expect(roles, idOf(object)).toContain(`${role.kind} ${namespace}/${role.name}`);
        for (const subject of subjects) {
          if (others && FIXED_ACCOUNTS.includes(subject.name)) continue;
          expect(accounts, idOf(object)).toContain(`ServiceAccount ${subject.namespace}/${subject.name}`);
        }
      }
    },
  );

  it('is of a namespace, but for the one question that tokens of Kubernetes need', async () => {
    const wide = (objects: readonly ChartObject[]): string[] =>
      objects.filter(({ kind }) => kind.startsWith('ClusterRole')).map(({ kind }) => kind);
    expect(wide(await renderObjects({}))).toEqual([]);
    const asked = await renderObjects({ set: clusterWide });
    expect(wide(asked).toSorted()).toEqual(['ClusterRole', 'ClusterRoleBinding']);
    expect(asked.find(({ kind }) => kind === 'ClusterRole')?.['rules']).toEqual([
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    ]);
  });

  it('is given to no group, no user, and by no wildcard', async () => {
    const objects = await renderObjects(listReleases()['every-feature'] ?? {});
    const rules = objects
      .filter(({ kind }) => kind.endsWith('Role'))
      .map((object) => JSON.stringify(object['rules']));
    expect(rules.length).toBeGreaterThan(5);
    expect(rules.filter((text) => text.includes('"*"'))).toEqual([]);
  });
});
