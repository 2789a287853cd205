/** Names, labels and ports of what makes up a tap; pure. */
import { LABEL } from '@tekton-dag/model';
import { appLabels } from '../deploy-baseline/object-labels.ts';
import type { InterceptInput } from '../deploy-intercepts/render-intercept.ts';
import { childName } from '../kubernetes/child-name.ts';

/** Where the tap listens inside its pod; the tools map the app's own port to it. */
export const TAP_PORT = 18_080;
/** Whom the pods of taps are to the API server. */
export const TAP_SERVICE_ACCOUNT = 'tekton-dag-intercept';
/** Where the files of the tap's ConfigMap are. */
export const TAP_DIRECTORY = '/etc/tekton-dag/tap';

const COMPONENT = 'app.kubernetes.io/component';

/** Name of pod and ConfigMap. */
export const tapName = (run: string, app: string): string => childName(run, `tap-${app}`);

const labelsOf = (
  { plan, app, run, session }: InterceptInput,
  component: string,
): Record<string, string> => ({
  ...appLabels(plan, app.name, run),
  [LABEL.session]: session,
  [COMPONENT]: component,
});

/** Labels of the tap's pod and ConfigMap: cleanup finds them by run and session. */
export const tapLabels = (input: InterceptInput): Record<string, string> => labelsOf(input, 'tap');

/** Labels of what the tool itself makes in the cluster for this tap. */
export const agentLabels = (input: InterceptInput): Record<string, string> => labelsOf(input, 'tap-agent');

const ownBy = (run: string): string => `${LABEL.run}=${run},${LABEL.session}`;

/** Selects the pods and ConfigMaps of the taps of a run. */
export const tapSelector = (run: string): string => `${ownBy(run)},${COMPONENT}=tap`;

/** Selects what the tools made for a run, of one app or of all. */
export const agentSelector = (run: string, app?: string): string =>
  `${ownBy(run)},${COMPONENT}=tap-agent${app === undefined ? '' : `,${LABEL.app}=${app}`}`;

/** Selects the pods of taps and agents of a run. */
export const tapPodSelector = (run: string): string => `${ownBy(run)},${COMPONENT} in (tap,tap-agent)`;
