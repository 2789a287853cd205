/** Formats: the texts that input files may hold in each place, as patterns with the words to refuse others. */

import { z } from 'zod';

export interface Format {
  readonly pattern: RegExp;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const FORMATS = {
  /** RFC 1035 label; 40 characters leave room for `-<session>` within 63. */
  appName: {
    pattern: /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    code: 'bad-name',
    message: 'is not a name for an app',
    hint: 'use lower-case letters, digits and "-", begin with a letter, at most 40 characters',
  },
  /** RFC 1123 label. */
  label: {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    code: 'bad-name',
    message: 'is not a DNS label',
    hint: 'use lower-case letters, digits and "-", at most 63 characters',
  },
  repository: {
    pattern:
      /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?\/)?(?!\.{1,2}\/)[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/,
    code: 'bad-repository',
    message: 'is not a repository',
    hint: 'write owner/name or host/owner/name',
  },
  /** Relative and inside its directory. */
  path: {
    pattern: /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}\p{Zl}\p{Zp}\\]+$/u,
    code: 'bad-path',
    message: 'is not a path inside the repository',
    hint: 'write a relative path without ".."',
  },
  /** RFC 9110, token. */
  headerName: {
    pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/,
    code: 'bad-name',
    message: 'is not the name of an HTTP header',
    hint: 'use letters, digits and "-", such as x-dev-session',
  },
  /** A key of W3C Baggage is an RFC 9110 token. */
  baggageKey: {
    pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/i,
    code: 'bad-name',
    message: 'is not a baggage key',
    hint: 'use letters, digits and "-", such as dev-session',
  },
  envName: {
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    code: 'bad-name',
    message: 'is not the name of an environment variable',
    hint: 'use letters, digits and "_", and do not begin with a digit',
  },
  port: {
    pattern: /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
    code: 'bad-port',
    message: 'is not a port',
    hint: 'write a whole number from 1 to 65535',
  },
  languageVersion: {
    pattern: /^\d{1,4}(?:\.\d{1,4}){0,2}$/,
    code: 'bad-version',
    message: 'is not a language version',
    hint: 'write numbers with dots, such as "21" or "3.12"',
  },
  /** https://semver.org, without build metadata, which an image tag cannot hold. */
  semanticVersion: {
    pattern:
      /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/,
    code: 'bad-version',
    message: 'is not a semantic version',
    hint: 'write X.Y.Z or X.Y.Z-rc.N',
  },
  releasedVersion: {
    pattern: /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/,
    code: 'bad-version',
    message: 'is not a released version',
    hint: 'write X.Y.Z',
  },
  /** A name at a forge: GitHub's apps end in `[bot]`. */
  login: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?(?:\[bot\])?$/,
    code: 'bad-name',
    message: 'is not the login of a bot',
    hint: 'write it as the forge shows it, such as renovate[bot]',
  },
  /** Who a token speaks for, as its issuer says it. */
  subject: {
    pattern: /^[^\s\p{Cc}](?:[^\p{Cc}\p{Zl}\p{Zp}]{0,251}[^\s\p{Cc}])?$/u,
    code: 'bad-name',
    message: 'is not a user or a group',
    hint: 'write the name as the token has it, such as ann@example.com',
  },
  /** Which files of a repository: see match-paths.ts. */
  pathPattern: {
    pattern: /^!?(?![!/])(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\p{Cc}\p{Zl}\p{Zp}\\{}()[\]]{1,255}$/u,
    code: 'bad-path',
    message: 'is not a pattern of paths',
    hint: 'use "*", "**" and "?" in paths from the root of the repository; "!" in front excludes',
  },
  host: {
    pattern: /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/,
    code: 'bad-host',
    message: 'is not a host name',
    hint: 'write the name alone, such as github.com',
  },
  /** A registry with an optional path, as the first part of an image's name. */
  imageRegistry: {
    pattern:
      /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/,
    code: 'bad-registry',
    message: 'is not an image registry',
    hint: 'write host[:port][/path] without scheme and without a slash at the end, such as ghcr.io/acme',
  },
  /** A URL that build tools fetch packages from; no credentials, and nothing that a config file could take for syntax. */
  packageProxy: {
    pattern: /^https?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:\/[A-Za-z0-9._~%/+-]*)?$/,
    code: 'bad-url',
    message: 'is not the URL of a package registry',
    hint: 'write http:// or https://, host[:port] and path, without user name and query',
  },
  /** The last part of an image's name (OCI distribution spec, Pulling manifests). */
  imageName: {
    pattern: /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/,
    code: 'bad-name',
    message: 'is not the name of an image',
    hint: 'use lower-case letters and digits, with ".", "_" or "-" between them',
  },
  imageTag: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
    code: 'bad-tag',
    message: 'is not the tag of an image',
    hint: 'use letters, digits, ".", "_" and "-", at most 128 characters',
  },
  imageReference: {
    pattern:
      /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/,
    code: 'bad-image',
    message: 'is not the name of an image',
    hint: 'write registry/path:tag, such as docker.io/library/node:24',
  },
  /** A URL that git fetches from; no other transports (`ext::`) and nothing that git could take for an option. */
  gitUrl: {
    pattern:
      /^(?:(?:https?|ssh|git|file):\/\/[!-~]+|[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*(?::[!-~]*)?)$/,
    code: 'bad-url',
    message: 'is not a URL that git can fetch from',
    hint: 'write https://host/owner/name or git@host:owner/name',
  },
  /** git-check-ref-format, as far as it matters here. */
  gitRevision: {
    pattern: /^(?![-/])(?!.*(?:\.\.|@\{|\/\/|\.lock$|[/.]$))[^\s\p{Cc}~^:?*[\\]{1,255}$/u,
    code: 'bad-revision',
    message: 'is not a branch, tag or commit',
    hint: 'write the name alone, such as main',
  },
  /** One spelling for each file: teams, chart and service look it up by its text. */
  stackFile: {
    pattern: /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))(?!.*\/\/)[A-Za-z0-9_.][A-Za-z0-9_./-]*\.ya?ml$/,
    code: 'bad-path',
    message: 'is not the path of a stack file',
    hint: 'write a relative path without "." and ".." that ends in .yaml, such as stacks/stack-one.yaml',
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

/** All of them, by name. */
export function listFormats(): Readonly<Record<FormatName, Format>> {
  return FORMATS;
}

/** A zod string of the format; its JSON Schema carries the same pattern. */
export function text(name: FormatName): z.ZodString {
  return z.string().regex(FORMATS[name].pattern);
}

/** True when a text has the format. */
export function hasFormat(name: FormatName, value: string): boolean {
  return FORMATS[name].pattern.test(value);
}

/** The words for a format that a text does not have. */
export function formatOf(name: FormatName): Format {
  return FORMATS[name];
}

/** The words for a refused pattern, as zod names it in an issue. */
export function formatOfPattern(pattern: string | undefined): Format | undefined {
  return Object.values(FORMATS).find((format) => format.pattern.toString() === pattern);
}
