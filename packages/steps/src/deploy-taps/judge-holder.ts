/** Whether the run that holds an intercept still needs it; pure. */
import type { PipelineRun } from '@tekton-dag/model';

/** `free`: the run is gone or over, its cleanup included. */
export const judgeHolder = (holder: PipelineRun | undefined): 'busy' | 'free' => {
  if (holder === undefined) return 'free';
  return holder.status?.completionTime === undefined ? 'busy' : 'free';
};

/** `<namespace>/<name>` of a run, as the lease's holder. */
export const holderIdentityOf = (run: { readonly namespace: string; readonly name: string }): string =>
  `${run.namespace}/${run.name}`;

/** Undefined when the text is no such identity. */
export const parseHolder = (identity: string): { namespace: string; name: string } | undefined => {
  const [namespace = '', name = '', ...rest] = identity.split('/');
  return namespace === '' || name === '' || rest.length > 0 ? undefined : { namespace, name };
};
