/** PinnedCatalog: tasks and pipelines that Tekton's git resolver fetches at one commit, in place of installed ones. */

import { present } from '../present.ts';
import { err, ok, type Result } from '../result.ts';
import type { Param } from '../tekton/param.ts';
import type { PipelineRun } from '../tekton/pipeline-run.ts';
import type { ResolverRef } from '../tekton/ref.ts';

export interface PinnedCatalog {
  /** Of a Git repository with the folders tasks and pipeline; without credentials. */
  readonly url: string;
  /** Commit, 40 hexadecimal digits. */
  readonly revision: string;
  /** Secret in the namespace of the run whose key `token` lets Tekton read the repository over HTTPS. */
  readonly tokenSecret?: string;
}

export const COMMIT_PATTERN = /^[0-9a-f]{40}$/;
/** What Tekton's git resolver takes (its defaultValidateRepoURL), and files, which only a local cluster takes. */
const URL_PATTERN =
  /^((git|ssh|https?|file):\/\/[^\s\p{Cc}]+|[^-/@:\s\p{Cc}][^/@:\s\p{Cc}]*@[^:\s\p{Cc}]+:[^\s\p{Cc}]+)$/u;
const SECRET_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** A value in our words, as a user gave it. */
export interface CatalogWish {
  readonly url: string | undefined;
  readonly revision: string | undefined;
  readonly tokenSecret?: string | undefined;
}

/** Undefined when nothing is asked for; the error says what is wrong, and repeats no URL that may hold a password. */
export function parsePinnedCatalog(wish: CatalogWish): Result<PinnedCatalog | undefined, string> {
  const { url, revision, tokenSecret } = wish;
  if (url === undefined && revision === undefined && tokenSecret === undefined) return ok(undefined);
  if (url === undefined || revision === undefined) return err('a catalog needs both its URL and its commit');
  const fault = findFault(url, revision, tokenSecret);
  return fault === undefined ? ok({ url, revision, ...present({ tokenSecret }) }) : err(fault);
}

function findFault(url: string, revision: string, tokenSecret = 'none'): string | undefined {
  const checks = [
    [COMMIT_PATTERN.test(revision), 'the commit of the catalog must have 40 hexadecimal digits'],
    [URL_PATTERN.test(url), 'the URL of the catalog must be one that git takes'],
    [!/^https?:\/\/[^/]*@/.test(url), 'the URL of the catalog must hold no user and no password'],
    [SECRET_NAME.test(tokenSecret), 'the token of the catalog is told by the name of a Secret'],
  ] as const;
  return checks.find(([isGood]) => !isGood)?.[1];
}

/** What the resolver is asked for: one file of the catalog (Tekton docs: git-resolver.md). */
export function gitRefOf({ url, revision, tokenSecret }: PinnedCatalog, path: string): Required<ResolverRef> {
  const params: Param[] = [
    { name: 'url', value: url },
    { name: 'revision', value: revision },
    { name: 'pathInRepo', value: path },
    ...(tokenSecret === undefined ? [] : [{ name: 'gitToken', value: tokenSecret }]),
  ];
  return { resolver: 'git', params };
}

/** Pipelines whose tasks come from the same commit; made of the others by scripts/generate-pinned-pipelines.ts. */
export const PINNED_PIPELINES = 'pipeline/pinned';

/** Params of those pipelines alone. */
export function catalogParamsOf({ url, revision, tokenSecret }: PinnedCatalog): Record<string, string> {
  return {
    'catalog-url': url,
    'catalog-revision': revision,
    ...(tokenSecret === undefined ? {} : { 'catalog-secret': tokenSecret }),
  };
}

/** The catalog that a run fetches; undefined where its pipeline is an installed one. */
export function pinnedCatalogOf({ spec }: Pick<PipelineRun, 'spec'>): PinnedCatalog | undefined {
  if (spec.pipelineRef?.resolver !== 'git') return undefined;
  const parsed = parsePinnedCatalog({
    url: resolverParam(spec.pipelineRef, 'url'),
    revision: resolverParam(spec.pipelineRef, 'revision'),
    tokenSecret: resolverParam(spec.pipelineRef, 'gitToken'),
  });
  return parsed.ok ? parsed.value : undefined;
}

/** The name of a run's pipeline, installed or fetched; empty when it has none. */
export function pipelineNameOf({ spec }: Pick<PipelineRun, 'spec'>): string {
  const ref = spec.pipelineRef ?? {};
  if (ref.resolver === undefined) return ref.name ?? '';
  const path = resolverParam(ref, 'pathInRepo') ?? resolverParam(ref, 'name') ?? '';
  return path.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
}

function resolverParam({ params = [] }: ResolverRef, name: string): string | undefined {
  const value = params.find((param) => param.name === name)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
