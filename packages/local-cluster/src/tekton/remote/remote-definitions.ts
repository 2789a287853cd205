/** createRemoteDefinitions: what the git resolver has fetched for runs; each run gets one answer to each question. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import type { DefinitionRef } from '../specs/pipeline-spec.ts';
import { createGitMirror } from './git-mirror.ts';
import { parseGitRequest, type GitRequest } from './git-request.ts';
import { parseDefinition, type DefinitionResource } from './parse-definition.ts';

/** Where an object came from (Tekton docs: pipelineruns.md, status.provenance). */
export interface RefSource {
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly entryPoint: string;
}

export interface RemoteObject {
  readonly object: KubeObject;
  readonly refSource: RefSource;
}

export interface RemoteQuestion {
  readonly resource: DefinitionResource;
  readonly ref: DefinitionRef;
  readonly namespace: string;
  /** uid of the run that asks. */
  readonly owner: string;
}

export type RemoteAnswer = Result<RemoteObject, string>;

export interface RemoteDefinitions {
  /** Undefined when it is not known yet. */
  find(question: RemoteQuestion): RemoteAnswer | undefined;
  /** Resolves when `find` knows; never rejects. */
  load(question: RemoteQuestion): Promise<void>;
  /** Ends what is being fetched. */
  stop(): Promise<void>;
}

/** Runs ask again when theirs are forgotten. */
const MAX_ANSWERS = 5_000;

/** `directory` keeps copies of the repositories. */
export function createRemoteDefinitions(store: ObjectStore, directory: string): RemoteDefinitions {
  const mirror = createGitMirror(directory);
  const ended = new AbortController();
  const answers = new Map<string, RemoteAnswer>();
  const loading = new Map<string, Promise<void>>();

  const resolve = async (question: RemoteQuestion): Promise<RemoteAnswer> => {
    const request = parseGitRequest(question.ref);
    if (!request.ok) return refuse(request.error);
    const token = readToken(store, question.namespace, request.value);
    if (!token.ok) return refuse(token.error);
    const file = await mirror.read({ ...request.value, token: token.value }, ended.signal);
    if (!file.ok) return refuse(file.error);
    const parsed = parseDefinition(file.value.text, question.resource);
    return parsed.ok
      ? ok({ object: parsed.value, refSource: sourceOf(request.value, file.value.commit) })
      : parsed;
  };

  const fetch = async (key: string, question: RemoteQuestion): Promise<void> => {
    const answer = await resolve(question).catch((fault: unknown) => refuse(messageOf(fault)));
    if (!ended.signal.aborted) answers.set(key, answer);
    for (const old of [...answers.keys()].slice(0, Math.max(0, answers.size - MAX_ANSWERS)))
      answers.delete(old);
    loading.delete(key);
  };

  return {
    find: (question) => answers.get(keyOf(question)),
    load: (question) => {
      const key = keyOf(question);
      if (answers.has(key)) return Promise.resolve();
      const known = loading.get(key);
      if (known !== undefined) return known;
      const started = fetch(key, question);
      loading.set(key, started);
      return started;
    },
    stop: async () => {
      ended.abort();
      await Promise.all(loading.values());
    },
  };
}

const keyOf = ({ resource, ref, owner }: RemoteQuestion): string =>
  JSON.stringify([owner, resource, ref.params ?? []]);

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

const refuse = (why: string): RemoteAnswer => err(`error requesting remote resource: ${why}`);

const sourceOf = ({ url, path }: GitRequest, commit: string): RefSource => ({
  uri: `git+${url}`,
  digest: { sha1: commit },
  entryPoint: path,
});

function readToken(
  store: ObjectStore,
  namespace: string,
  { token }: GitRequest,
): Result<string | undefined, string> {
  if (token === undefined) return ok(undefined);
  const secret = store.get({ group: '', resource: 'secrets', namespace, name: token.secret });
  const found: unknown = secret === undefined ? undefined : Object(secret['data'])[token.key];
  if (typeof found !== 'string') {
    return err(`cannot get API token, secret ${token.secret} not found in namespace ${namespace}`);
  }
  return ok(Buffer.from(found, 'base64').toString('utf8').trim());
}
