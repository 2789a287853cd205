/** Where a pod has the token of its service account. */

import type { Pod } from '@tekton-dag/kube';

/** Names of the volumes that hold a token. */
export const tokenVolumesOf = ({ spec }: Pod): string[] =>
  (spec?.volumes ?? [])
    .filter((volume) => JSON.stringify(volume).includes('"serviceAccountToken"'))
    .map(({ name }) => name);

/** Containers into which one is mounted. */
export const containersWithToken = (pod: Pod): string[] => {
  const tokens = new Set(tokenVolumesOf(pod));
  return (pod.spec?.containers ?? [])
    .filter(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => tokens.has(name)))
    .map(({ name }) => name);
};
