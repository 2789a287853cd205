/** What a stack resolves to, by the names that users of task resolve-stack know; pure. */
import type { Plan } from '@tekton-dag/model';

export type StackResults = {
  /** Callers before callees; all names are parted by a space. */
  readonly 'app-list': string;
  /** The first app that nobody calls. */
  readonly 'entry-app': string;
  readonly 'propagation-chain': string;
  readonly 'build-apps': string;
  /** `<header>:<session>`; empty without a pull request. */
  readonly 'intercept-header-value': string;
  /** JSON object, app to version. */
  readonly 'resolved-versions': string;
};

export const stackResults = (plan: Plan): StackResults => ({
  'app-list': plan.order.join(' '),
  'entry-app': plan.entries[0] ?? '',
  'propagation-chain': plan.chain.join(' '),
  'build-apps': plan.buildApps.map(({ app }) => app).join(' '),
  'intercept-header-value': plan.session === undefined ? '' : `${plan.headerName}:${plan.session}`,
  'resolved-versions': JSON.stringify(plan.versions),
});
