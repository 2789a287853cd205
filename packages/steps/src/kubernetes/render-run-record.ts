/** The run record as it begins: owned by the run, so it goes when the run goes; pure. */
import { LABEL, MANAGED_BY, RUN_RECORD_KEYS, type Plan, type RunMode } from '@tekton-dag/model';
import type { ConfigMap } from '@tekton-dag/kube';

/** The variables that name the run. */
interface RunNames {
  readonly RUN_NAME: string;
  readonly RUN_NAMESPACE: string;
  readonly RUN_UID: string;
}

export interface RunRecordContent {
  /** Of the run; that of the plan may be another. */
  readonly mode: RunMode;
  readonly plan: Plan;
  /** Further keys. */
  readonly parts?: Readonly<Record<string, string>>;
}

/** A ConfigMap with `plan.json`. */
export const renderRunRecord = (run: RunNames, { mode, plan, parts }: RunRecordContent): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: run.RUN_NAME,
    namespace: run.RUN_NAMESPACE,
    labels: {
      [LABEL.managedBy]: MANAGED_BY,
      [LABEL.run]: run.RUN_NAME,
      [LABEL.team]: plan.team,
      [LABEL.stack]: plan.stack,
      [LABEL.mode]: mode,
      ...(plan.session === undefined ? {} : { [LABEL.session]: plan.session }),
    },
    ownerReferences: [
      { apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name: run.RUN_NAME, uid: run.RUN_UID },
    ],
  },
  data: { [RUN_RECORD_KEYS.plan]: JSON.stringify(plan), ...parts },
});
