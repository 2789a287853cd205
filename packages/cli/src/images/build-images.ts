/** buildImages: carries a plan out, one image after the other, and leaves out what the registry has already. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import { buildCommand, pushCommand, repoDigestsCommand, type EngineName } from './engine.ts';
import { hashContent } from './hash-content.ts';
import type { ImageBuild } from './image-build.ts';
import type { ImagePlan } from './plan-images.ts';
import type { AskRegistry } from './ask-registry.ts';
import { CONTENT_LABEL, renderLabels, type LabelFacts } from './render-labels.ts';
import type { RunEngine } from './run-engine.ts';

export interface BuiltImage {
  readonly name: string;
  readonly tag: string;
  readonly references: readonly string[];
  /** `sha256:...`; undefined unless the image was pushed. */
  readonly digest: string | undefined;
  readonly contentHash: string;
  /** False when the registry had it. */
  readonly built: boolean;
}

export interface BuildSettings {
  readonly engine: EngineName;
  readonly run: RunEngine;
  readonly registry: AskRegistry;
  readonly labels: Pick<LabelFacts, 'matrix' | 'source'>;
  /** SOURCE_DATE_EPOCH; also the times of all files then. */
  readonly timestampSeconds: number | undefined;
  readonly push: boolean;
  /** Make them though the registry has them. */
  readonly force: boolean;
  readonly report: (image: BuiltImage) => void;
}

/** In the order of the plan. Throws CliFailure for a context that is missing and for an engine that fails. */
export async function buildImages({ builds }: ImagePlan, settings: BuildSettings): Promise<BuiltImage[]> {
  const done: BuiltImage[] = [];
  for (const build of builds) {
    const image = await provideImage(build, done, settings);
    settings.report(image);
    done.push(image);
  }
  return done;
}

async function provideImage(
  build: ImageBuild,
  done: readonly BuiltImage[],
  settings: BuildSettings,
): Promise<BuiltImage> {
  const base = await findBase(build, done, settings);
  const contentHash = await hashOf(build, base.identity);
  const { name, tag, references } = build;
  const known = settings.push && !settings.force ? await findPushed(build, contentHash, settings) : undefined;
  if (known !== undefined) return { name, tag, references, digest: known, contentHash, built: false };
  await makeImage(build, { base, contentHash }, settings);
  const digest = settings.push ? await pushImage(build, settings) : undefined;
  return { name, tag, references, digest, contentHash, built: true };
}

interface FoundBase {
  /** For FROM: with its digest when that is known. */
  readonly reference: string;
  readonly digest: string | undefined;
  /** What tells one content of the base from another. */
  readonly identity: string;
}

async function findBase(
  { base }: ImageBuild,
  done: readonly BuiltImage[],
  { registry }: BuildSettings,
): Promise<FoundBase> {
  const { reference } = base;
  const made =
    base.kind === 'planned' ? done.find(({ references }) => references.includes(reference)) : undefined;
  const digest = made === undefined ? (await registry.inspect(reference))?.digest : made.digest;
  return {
    reference: digest === undefined || reference.includes('@') ? reference : `${reference}@${digest}`,
    digest,
    identity: made?.contentHash ?? digest ?? reference,
  };
}

async function hashOf(build: ImageBuild, base: string): Promise<string> {
  try {
    return await hashContent(build, base);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new CliFailure(
      EXIT.invalidInput,
      `${build.name}: ${error.message}`,
      'the program itself is bundled by `make bundle`',
    );
  }
}

/** The digest, when each of the image's names stands for this content. */
async function findPushed(
  { references }: ImageBuild,
  contentHash: string,
  { registry }: BuildSettings,
): Promise<string | undefined> {
  const found = await Promise.all(references.map((reference) => registry.inspect(reference)));
  return found.every((image) => image?.labels[CONTENT_LABEL] === contentHash) ? found[0]?.digest : undefined;
}

interface Inputs {
  readonly base: FoundBase;
  readonly contentHash: string;
}

async function makeImage(
  build: ImageBuild,
  { base, contentHash }: Inputs,
  settings: BuildSettings,
): Promise<void> {
  const args = buildCommand(settings.engine, {
    references: build.references,
    dockerfile: build.dockerfile,
    context: build.context,
    args: { BASE: base.reference, ...build.args },
    labels: renderLabels(build, { ...settings.labels, baseDigest: base.digest, contentHash }),
    timestampSeconds: settings.timestampSeconds,
    plainHttp: settings.registry.isPlainHttp(base.reference),
  });
  const { code } = await settings.run(settings.engine, args);
  if (code === 0) return;
  throw new CliFailure(
    EXIT.runFailed,
    `${build.name}:${build.tag} could not be made: ${settings.engine} ended with exit code ${code}`,
    'its lines above say why; a base that cannot be had is replaced with --base NAME=REFERENCE',
  );
}

/** The digest that the registry gave it. */
async function pushImage(build: ImageBuild, settings: BuildSettings): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-images-'));
  try {
    const digestFile = join(directory, 'digest');
    for (const reference of build.references) await pushReference(reference, digestFile, settings);
    return settings.engine === 'docker'
      ? await askDigest(build.references[0], settings)
      : (await readFile(digestFile, 'utf8')).trim();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function pushReference(reference: string, digestFile: string, settings: BuildSettings): Promise<void> {
  const { engine, run, registry } = settings;
  const plainHttp = registry.isPlainHttp(reference);
  const { code } = await run(engine, pushCommand(engine, { reference, digestFile, plainHttp }));
  if (code === 0) return;
  throw new CliFailure(
    EXIT.unreachable,
    `${reference} could not be pushed: ${engine} ended with exit code ${code}`,
    plainHttp
      ? `is the registry there, and are you logged in? \`${engine} login\``
      : `log in with \`${engine} login\`; a registry without TLS is named in INSECURE_REGISTRIES`,
  );
}

async function askDigest(reference: string, { run, engine }: BuildSettings): Promise<string> {
  const { stdout } = await run(engine, repoDigestsCommand(reference), { quiet: true });
  return /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? '';
}
