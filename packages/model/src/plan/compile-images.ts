/** COMPILE_IMAGES: our images that compile apps, by build tool; images/matrix.yaml makes them. */

import type { Build, BuildTool } from '../stack/stack.ts';

type VersionField = 'javaVersion' | 'nodeVersion' | 'pythonVersion' | 'phpVersion';

export interface CompileImage {
  /** Last part of the image's name. */
  readonly name: string;
  /** What tags begin with: `java17`, `python312`. */
  readonly language: string;
  /** Field of the app's build settings that asks for a version. */
  readonly field: VersionField;
  /** The same, as stack files write it. */
  readonly key: string;
  readonly versions: readonly string[];
  /** For apps that ask for none. */
  readonly defaultVersion: string;
}

const JAVA = {
  language: 'java',
  field: 'javaVersion',
  key: 'java-version',
  versions: ['11', '17', '21'],
  defaultVersion: '21',
} as const;

/** Tool `none` compiles nothing. */
export const COMPILE_IMAGES: Readonly<Partial<Record<BuildTool, CompileImage>>> = {
  npm: {
    name: 'tekton-dag-build-node',
    language: 'node',
    field: 'nodeVersion',
    key: 'node-version',
    versions: ['18', '20', '22', '24'],
    defaultVersion: '24',
  },
  maven: { name: 'tekton-dag-build-maven', ...JAVA },
  gradle: { name: 'tekton-dag-build-gradle', ...JAVA },
  pip: {
    name: 'tekton-dag-build-python',
    language: 'python',
    field: 'pythonVersion',
    key: 'python-version',
    versions: ['3.10', '3.11', '3.12'],
    defaultVersion: '3.12',
  },
  composer: {
    name: 'tekton-dag-build-php',
    language: 'php',
    field: 'phpVersion',
    key: 'php-version',
    versions: ['8.1', '8.2', '8.3'],
    defaultVersion: '8.3',
  },
};

/** The version that the settings ask for, in the terms of the image. */
export function wantedVersion(build: Build, { field, defaultVersion }: CompileImage): string {
  return build[field] ?? defaultVersion;
}

/** `java17`, `node24`, `python312`, `php83`. */
export function variantTagOf({ language }: CompileImage, version: string): string {
  return `${language}${version.replaceAll('.', '')}`;
}
