/** What the version commit of a release holds: new file, message, versions; pure. */
import { bumpVersions, type PlannedBuild } from '@tekton-dag/model';
import { parseDocument } from 'yaml';
import { StepFailure } from '../step-failure.ts';
import { renderTrailer, type ReleasedVersion } from './release-trailer.ts';

export interface VersionCommit {
  /** The new versions file; undefined when all was released before. */
  readonly text: string | undefined;
  readonly message: string;
  readonly releases: readonly ReleasedVersion[];
}

const withOverride = (text: string, app: string, version: string | undefined): string => {
  if (version === undefined) return text;
  const document = parseDocument(text);
  document.setIn(['apps', app, 'version'], version);
  return document.toString({ lineWidth: 0 });
};

const bump = (
  text: string,
  build: PlannedBuild,
  override: string | undefined,
): { text: string; release: ReleasedVersion } => {
  const bumped = bumpVersions(withOverride(text, build.app, override), build.app);
  if (bumped.ok) {
    const { released, next } = bumped.value;
    return { text: bumped.value.text, release: { app: build.app, sha: build.revision, released, next } };
  }
  const first = bumped.error[0];
  throw new StepFailure(
    `versions file: ${first === undefined ? 'invalid' : `${first.line}:${first.column}: ${first.message}`}`,
    {
      code: 'VERSIONS_INVALID',
      hint: 'mend the versions file of the platform repository',
    },
  );
};

/** Leaves out what `history` says was released for the same commit of the app. */
export const planVersionCommit = (
  builds: readonly PlannedBuild[],
  {
    text,
    history,
    overrides,
  }: {
    text: string;
    history: readonly ReleasedVersion[];
    overrides: Readonly<Record<string, string>>;
  },
): VersionCommit => {
  const releases: ReleasedVersion[] = [];
  const fresh: ReleasedVersion[] = [];
  let current = text;
  for (const build of builds) {
    const known = history.find(({ app, sha }) => app === build.app && sha === build.revision);
    const bumped = known === undefined ? bump(current, build, overrides[build.app]) : undefined;
    if (bumped !== undefined) {
      current = bumped.text;
      fresh.push(bumped.release);
    }
    const release = known ?? bumped?.release;
    if (release !== undefined) releases.push(release);
  }
  const title = `Release ${fresh.map(({ app, released }) => `${app} ${released}`).join(', ')}`;
  return {
    text: fresh.length === 0 ? undefined : current,
    message: `${title}\n\n${fresh.map(renderTrailer).join('\n')}\n`,
    releases,
  };
};
