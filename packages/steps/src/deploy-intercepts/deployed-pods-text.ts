/** The value of result `deployed-pods`; pure. */
import type { Intercepts } from '@tekton-dag/model';

/** A container's termination message has 4 KiB, and Tekton keeps notes of its own in it. */
const MAX_RESULT_BYTES = 3_000;

/** JSON, app to the pod that answers; `{}` when it does not fit: the run record has it all. */
export const deployedPodsText = (intercepts: Intercepts): string => {
  const text = JSON.stringify(Object.fromEntries(intercepts.map(({ app, pod }) => [app, pod])));
  return Buffer.byteLength(text) <= MAX_RESULT_BYTES ? text : '{}';
};
