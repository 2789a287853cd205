/** Which apps a run has to know exactly, and why; pure. */
import type { App, PlanMode, Stack } from '@tekton-dag/model';

export interface NeededApp {
  readonly app: App;
  /** It may be built, so the tree of its context directory counts too. */
  readonly build: boolean;
}

const hasTests = ({ tests }: App): boolean =>
  tests.postman !== undefined ||
  tests.playwright !== undefined ||
  tests.artillery !== undefined ||
  tests.command !== undefined;

/** Built are the changed apps, else the chosen ones, else all; a pull request's run also tests every app. */
export const neededApps = (
  stack: Stack,
  { mode, changedApps, apps }: { mode: PlanMode; changedApps: readonly string[]; apps: readonly string[] },
): NeededApp[] => {
  const chosen = new Set(changedApps.length > 0 ? changedApps : apps);
  return stack.apps
    .map((app) => ({ app, build: chosen.size === 0 || chosen.has(app.name) }))
    .filter(({ app, build }) => build || (mode === 'pr' && hasTests(app)));
};
