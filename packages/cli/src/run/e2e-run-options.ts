/** toE2eRunOptions: what `run e2e` was asked for, as its two runs. Pure. */

import { toRunOptions, type GenerateOptions, type Surroundings } from './generate-options.ts';

export interface E2eRunOptions extends Omit<
  GenerateOptions,
  'mode' | 'app' | 'repo' | 'apply' | 'dryRun' | 'attempt'
> {
  readonly stack: string;
  readonly changedApp: string;
  readonly pr: number;
}

type AskedRun = ReturnType<typeof toRunOptions>;

export interface E2eRuns {
  readonly bootstrap: AskedRun;
  readonly pullRequest: AskedRun;
}

/** Revisions of apps are those of the pull request: the baseline that it is tested against does not have them. */
export function toE2eRunOptions(
  options: E2eRunOptions,
  attempt: number,
  surroundings: Surroundings,
): E2eRuns {
  const { changedApp: app, ...shared } = options;
  const { appRevision: _revisions, appRevisionsJson: _more, ...baseline } = shared;
  return {
    bootstrap: toRunOptions({ ...baseline, mode: 'bootstrap', attempt }, surroundings),
    pullRequest: toRunOptions({ ...shared, app, mode: 'pr', attempt }, surroundings),
  };
}
