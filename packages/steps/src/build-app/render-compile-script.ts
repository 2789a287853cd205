/** Renders compile.sh: every value quoted, every command's exit code counted; pure. */
import type { Build, BuildTool, PackageProxies } from '@tekton-dag/model';
import { proxyVariables } from './proxy-variables.ts';
import { GRADLE_INIT_SCRIPT } from './render-proxy-files.ts';

/** POSIX single quotes: nothing inside is special but the quote itself (POSIX XCU 2.2.2). */
const quoteShell = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const NAME = /^[A-Za-z_]\w*$/;

const need = (program: string): string[] => [
  `command -v ${program} >/dev/null 2>&1 || {`,
  `  echo "compile: ${program} is not on the PATH; install it or set the compile image" >&2`,
  '  exit 127',
  '}',
];

const npmBuild = (): string[] => [
  ...need('npm'),
  'if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci; else npm install --no-package-lock; fi',
  'npm run build --if-present',
  'npm prune --omit=dev',
];

const pipBuild = (): string[] => [
  'PIP=',
  'if command -v pip3 >/dev/null 2>&1; then PIP=pip3; elif command -v pip >/dev/null 2>&1; then PIP=pip; fi',
  'if [ -z "$PIP" ]; then',
  '  echo "compile: pip is not on the PATH; install it or set the compile image" >&2',
  '  exit 127',
  'fi',
  'if [ -f requirements.txt ]; then "$PIP" install --disable-pip-version-check --target vendor -r requirements.txt',
  'elif [ -f pyproject.toml ] || [ -f setup.py ]; then "$PIP" install --disable-pip-version-check --target vendor .',
  'else echo "compile: no requirements.txt, pyproject.toml or setup.py; nothing to install"; fi',
];

const mavenBuild = (): string[] => [
  'if [ -f ./mvnw ]; then sh ./mvnw -B -DskipTests clean package',
  'else',
  ...need('mvn').map((line) => `  ${line}`),
  '  mvn -B -DskipTests clean package',
  'fi',
];

const GRADLE_TARGET: Readonly<Record<string, string>> = { 'spring-boot': 'bootJar', 'spring-legacy': 'war' };

const gradleBuild = ({ runtime }: Build): string[] => {
  const target = GRADLE_TARGET[runtime] ?? 'build -x test';
  return [
    `if [ -f ./gradlew ]; then sh ./gradlew --no-daemon ${target}`,
    'else',
    ...need('gradle').map((line) => `  ${line}`),
    `  gradle --no-daemon ${target}`,
    'fi',
  ];
};

const composerBuild = (): string[] => [
  ...need('composer'),
  'composer install --no-dev --no-interaction --no-progress --optimize-autoloader',
];

const DEFAULT_BUILD: Readonly<Record<BuildTool, (build: Build) => string[]>> = {
  npm: npmBuild,
  pip: pipBuild,
  maven: mavenBuild,
  gradle: gradleBuild,
  composer: composerBuild,
  none: () => ['echo "compile: tool none; the Dockerfile does all the work"'],
};

/** A build cache may hold the init script of an older setting. */
const gradleHomeLines = (proxy: string | undefined, cachePath: string): string[] => {
  const directory = '"$GRADLE_USER_HOME/init.d"';
  const remove = cachePath === '' ? [] : [`rm -f ${directory}/${GRADLE_INIT_SCRIPT}`];
  const put = [`mkdir -p ${directory}`, `cp "$HOME/${GRADLE_INIT_SCRIPT}" ${directory}/`];
  return [
    'export GRADLE_USER_HOME="${GRADLE_USER_HOME:-$HOME/.gradle}"',
    ...(proxy === undefined ? remove : put),
  ];
};

/** Java programs take their home from the user database, where the pod's user is not; so it is told to them. */
const toolHomeLines = ({ build: { tool }, proxies, cachePath }: CompileScript): string[] => {
  if (tool === 'maven') return ['export MAVEN_OPTS="${MAVEN_OPTS:-} -Duser.home=$HOME"'];
  if (tool === 'gradle') return gradleHomeLines(proxies.gradle, cachePath);
  return tool === 'composer' ? ['export COMPOSER_HOME="${COMPOSER_HOME:-${HOME:-.}/.composer}"'] : [];
};

/** Where each tool keeps downloads, below the build cache. */
const cacheLines = (cachePath: string): string[] => {
  const at = (directory: string): string => quoteShell(`${cachePath}/${directory}`);
  return [
    `export npm_config_cache=${at('npm')}`,
    `export PIP_CACHE_DIR=${at('pip')}`,
    `export GRADLE_USER_HOME=${at('gradle')}`,
    `export COMPOSER_CACHE_DIR=${at('composer')}`,
    `export MAVEN_OPTS="\${MAVEN_OPTS:-} -Dmaven.repo.local="${at('maven')}`,
  ];
};

/** A command of the stack's owner is shell text by intent; it runs in a shell of its own so its `exit` stays its own. */
const userCommand = (text: string | undefined): string[] =>
  text === undefined || text === '' ? [] : [`sh -ec ${quoteShell(text)}`];

export interface CompileScript {
  readonly build: Build;
  /** Absolute path of the app's context directory. */
  readonly directory: string;
  /** Absolute path of the build cache, or empty. */
  readonly cachePath: string;
  readonly proxies: PackageProxies;
}

/** The text of compile.sh. The first command that fails ends it with that command's exit code. */
export const renderCompileScript = (options: CompileScript): string => {
  const { build, directory, cachePath, proxies } = options;
  const variables = Object.entries({ ...proxyVariables(proxies), ...build.env })
    .filter(([name]) => NAME.test(name))
    .map(([name, value]) => `export ${name}=${quoteShell(value)}`);
  const main = userCommand(build.buildCommand);
  const lines = [
    '#!/bin/sh',
    'set -eu',
    ...(cachePath === '' ? [] : cacheLines(cachePath)),
    ...toolHomeLines(options),
    ...variables,
    `cd ${quoteShell(directory)}`,
    ...userCommand(build.preCommand),
    ...(main.length > 0 ? main : DEFAULT_BUILD[build.tool](build)),
    ...userCommand(build.postCommand),
  ];
  return `${lines.join('\n')}\n`;
};
