/** Every label and annotation that we write, in one place. */

/** Label keys; values are at most 63 characters (Kubernetes, label syntax). */
export const LABEL = {
  managedBy: 'app.kubernetes.io/managed-by',
  name: 'app.kubernetes.io/name',
  run: 'tekton-dag.io/run',
  team: 'tekton-dag.io/team',
  stack: 'tekton-dag.io/stack',
  app: 'tekton-dag.io/app',
  session: 'tekton-dag.io/session',
  mode: 'tekton-dag.io/mode',
  pullRequest: 'tekton-dag.io/pull-request',
  repository: 'tekton-dag.io/repository',
  /** `false` on runs of code whose author may not have our secrets; absent otherwise. */
  trusted: 'tekton-dag.io/trusted',
  routed: 'tekton-dag.io/routed',
} as const;

/** Annotation keys; for values that may be long or hold any character. */
export const ANNOTATION = {
  sha: 'tekton-dag.io/sha',
  delivery: 'tekton-dag.io/delivery',
  repository: 'tekton-dag.io/repository',
  /** The forge's host. */
  host: 'tekton-dag.io/host',
  /** Which run of the same commit this is, from 1. */
  attempt: 'tekton-dag.io/attempt',
  /** The changed apps by comma; label `app` is there only when it is one. */
  apps: 'tekton-dag.io/apps',
  /** Heads of other pull requests that a run builds too, `owner/name#number@sha` by comma. */
  dependsOn: 'tekton-dag.io/depends-on',
  imageDigest: 'tekton-dag.io/image-digest',
  /** On Pipelines, and so on their runs: the repository that the catalog was taken from. */
  catalogUrl: 'tekton-dag.io/catalog-url',
  /** The commit of it, 40 hexadecimal digits. */
  catalogRevision: 'tekton-dag.io/catalog-revision',
  /** `sha256:` and 64 hexadecimal digits, over the files of the catalog. */
  catalogDigest: 'tekton-dag.io/catalog-digest',
  /** Name of the run that this one repeats with exactly its versions. */
  repeats: 'tekton-dag.io/repeats',
  sessionHeader: 'tekton-dag.io/session-header',
  baggageKey: 'tekton-dag.io/baggage-key',
  /** Tekton's own: the parent of the spans that it makes itself. */
  pipelineRunSpanContext: 'tekton.dev/pipelinerunSpanContext',
  taskRunSpanContext: 'tekton.dev/taskrunSpanContext',
} as const;

/** What a run says of the catalog that it was made of; a copy of the run must say its own. */
export const CATALOG_ANNOTATIONS: readonly string[] = [
  ANNOTATION.catalogUrl,
  ANNOTATION.catalogRevision,
  ANNOTATION.catalogDigest,
];

/** The value of `app.kubernetes.io/managed-by` on everything we make. */
export const MANAGED_BY = 'tekton-dag';

/** A repository as a label value: `owner.name`, cut to 63 characters that begin and end with a letter or digit. */
export function repositoryLabelOf(repository: string): string {
  const text = repository.replaceAll('/', '.').replaceAll(/[^A-Za-z0-9_.-]/g, '-');
  return text.slice(0, 63).replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}
