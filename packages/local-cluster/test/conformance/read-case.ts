/** Reads one file of the corpus: a header that says what it shows and how to steer it, then the objects to create. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const RUN_KINDS = ['PipelineRun', 'TaskRun'] as const;

const steerSchema = z.strictObject({
  /** The run to watch, and what must be true of it before the patch. */
  await: z.strictObject({
    kind: z.enum(RUN_KINDS),
    name: z.string(),
    /** Reason of its condition; `StepRunning` stands for a step that runs. */
    reason: z.string(),
  }),
  patch: z.strictObject({
    kind: z.enum(RUN_KINDS),
    name: z.string(),
    spec: z.record(z.string(), z.unknown()),
  }),
});
export type Steer = z.infer<typeof steerSchema>;

const headerSchema = z.strictObject({
  title: z.string(),
  /** Feature flags of Tekton that the case needs beyond its defaults. */
  flags: z.record(z.string(), z.string()).default({}),
  steer: z.array(steerSchema).default([]),
  /** What the local cluster does otherwise: merged into the recorded outcome; `null` removes a field. */
  differs: z.strictObject({ why: z.string(), local: z.record(z.string(), z.unknown()) }).optional(),
});

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type CaseObject = z.infer<typeof objectSchema>;

export interface ConformanceCase extends z.infer<typeof headerSchema> {
  /** File name without ending. */
  readonly name: string;
  readonly objects: readonly CaseObject[];
}

/** Words in the files that each engine replaces with its own. */
export interface Substitutions {
  /** An image with sh; the word is TEST_IMAGE. */
  readonly image: string;
  /** An image that no registry has; the word is MISSING_IMAGE. */
  readonly missingImage: string;
  /** Long enough for a pod to start, since a limit is to hit a running step; the word is SHORT_TIME. */
  readonly shortTime: string;
  /** A repository of definitions; the word is GIT_URL. */
  readonly gitUrl: string;
  /** A commit of it; the word is GIT_REVISION. */
  readonly gitRevision: string;
  readonly namespace: string;
}

/** The words themselves: the corpus as it is written. */
export const WORDS: Substitutions = {
  image: 'TEST_IMAGE',
  missingImage: 'MISSING_IMAGE',
  shortTime: 'SHORT_TIME',
  gitUrl: 'GIT_URL',
  gitRevision: 'GIT_REVISION',
  namespace: 'TEST_NAMESPACE',
};

const CORPUS = join(import.meta.dirname, 'corpus');

function readCase(path: string, words: Substitutions): ConformanceCase {
  const text = readFileSync(path, 'utf8')
    .replaceAll('TEST_IMAGE', words.image)
    .replaceAll('MISSING_IMAGE', words.missingImage)
    .replaceAll('SHORT_TIME', words.shortTime)
    .replaceAll('GIT_URL', words.gitUrl)
    .replaceAll('GIT_REVISION', words.gitRevision)
    .replaceAll('TEST_NAMESPACE', words.namespace);
  const [header, ...objects] = parseAllDocuments(text).map((document): unknown => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new Error(`${basename(path)}: ${problem.message}`);
    return document.toJS();
  });
  return {
    name: basename(path, '.yaml'),
    ...headerSchema.parse(header),
    objects: objects.map((object) => objectSchema.parse(object)),
  };
}

/** Every file of the corpus, by name; fails when two files use the same name for a kind, since they share a namespace. */
export function readCorpus(words: Substitutions): ConformanceCase[] {
  const cases = readdirSync(CORPUS)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readCase(join(CORPUS, file), words));
  const seen = new Map<string, string>();
  for (const { name, objects } of cases) {
    for (const { kind, metadata } of objects) {
      const id = `${kind}/${metadata.name}`;
      const before = seen.get(id);
      if (before !== undefined) throw new Error(`${id} is in the corpus twice: ${before} and ${name}`);
      seen.set(id, name);
    }
  }
  return cases;
}
