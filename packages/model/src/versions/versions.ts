/** Versions: which version of each app is being made, as parsed from `stacks/versions.yaml`. */

/** One app's versions in SemVer 2.0.0 form. */
export interface AppVersion {
  /** The candidate in the making, such as `0.1.0-rc.3`. */
  readonly version: string;
  readonly lastReleased?: string;
}

/** App name to versions. */
export interface Versions {
  readonly apps: Readonly<Record<string, AppVersion>>;
}

/** The version of an app that the file does not name. */
export const FIRST_VERSION = '0.1.0-rc.0';
