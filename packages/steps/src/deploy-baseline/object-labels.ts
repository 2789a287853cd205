/** Labels and selectors of the objects of one app; pure. */
import { LABEL, MANAGED_BY, type Plan } from '@tekton-dag/model';

const COMPONENT = 'app.kubernetes.io/component';

/** What the baseline's pods are found by; pull requests' pods never match. */
export const baselineSelector = (app: string): Record<string, string> => ({
  [LABEL.name]: app,
  [COMPONENT]: 'baseline',
});

/** What a pull request's pods are found by. */
export const interceptSelector = (app: string, session: string): Record<string, string> => ({
  [LABEL.name]: app,
  [COMPONENT]: 'intercept',
  [LABEL.session]: session,
});

/** Labels of every object that belongs to an app and was made by a run. */
export const appLabels = (plan: Plan, app: string, run: string): Record<string, string> => ({
  [LABEL.managedBy]: MANAGED_BY,
  [LABEL.run]: run,
  [LABEL.team]: plan.team,
  [LABEL.stack]: plan.stack,
  [LABEL.app]: app,
  [LABEL.mode]: plan.mode,
});
