/** RunWatch: a live copy of the PipelineRuns of our teams; teams and namespaces come and go with the platform. */

import { createReflector, type CacheChange, type KubeClient, type Reflector } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY, type PipelineRun } from '@tekton-dag/model';
import { pipelineRunsIn } from './pipeline-runs.ts';
import { slimRun } from './slim-run.ts';

export interface RunWatchOptions {
  readonly client: KubeClient;
  /** The watch goes on by itself after `retryInMs`. */
  readonly onError: (error: unknown, namespace: string, retryInMs: number) => void;
}

/** Names of teams by the namespace of their runs; runs of other teams there are another orchestrator's. */
export type FollowedTeams = ReadonlyMap<string, ReadonlySet<string>>;

export interface RunWatch extends AsyncDisposable {
  /**
   * Watches exactly the runs of these from now on. What is known of others is forgotten without a change being told, and a
   * namespace whose teams change goes and comes again.
   */
  follow(teams: FollowedTeams): void;
  /** True for a team whose runs are watched. */
  follows(namespace: string, team: string): boolean;
  readonly namespaces: readonly string[];
  /** Calls the listener with each namespace that comes or goes; returns the way to stop. */
  onNamespace(listener: (namespace: string, isFollowed: boolean) => void): () => void;
  /** Of a namespace that is followed and has been listed. */
  itemsIn(namespace: string): readonly PipelineRun[];
  /** By `namespace/name`. */
  get(key: string): PipelineRun | undefined;
  /** Calls the listener with each change; returns the way to stop. */
  on(listener: (change: CacheChange<PipelineRun>) => void): () => void;
  /** Resolves with a list that began after the call, or when the namespace is no longer followed. */
  refresh(namespace: string): Promise<void>;
  /** Resolves with the first list, or when the namespace is no longer followed. */
  whenSynced(namespace: string): Promise<void>;
  /** True when its runs are known; false before the first list. */
  hasSynced(namespace: string): boolean;
  /** True since the API last refused or was away, until it answers again. */
  isFailing(namespace: string): boolean;
}

/** Dispose it to end all watches. */
export function createRunWatch(options: RunWatchOptions): RunWatch {
  return new NamespacedRunWatch(options);
}

/** All namespaces are listed at once at the start: whole runs of many pages are held then. */
const PAGE_SIZE = 100;

class NamespacedRunWatch implements RunWatch {
  readonly #options: RunWatchOptions;
  #teams: FollowedTeams = new Map();
  readonly #reflectors = new Map<string, Reflector<PipelineRun>>();
  readonly #failing = new Set<string>();
  readonly #closing = new Set<Promise<void>>();
  readonly #listeners = new Set<(change: CacheChange<PipelineRun>) => void>();
  readonly #namespaceListeners = new Set<(namespace: string, isFollowed: boolean) => void>();

  constructor(options: RunWatchOptions) {
    this.#options = options;
  }

  get namespaces(): readonly string[] {
    return [...this.#reflectors.keys()];
  }

  follow(teams: FollowedTeams): void {
    const before = this.#teams;
    this.#teams = teams;
    for (const [namespace, reflector] of this.#reflectors) {
      if (!isSameSet(before.get(namespace), teams.get(namespace))) this.#drop(namespace, reflector);
    }
    for (const [namespace, names] of teams) {
      if (!this.#reflectors.has(namespace) && names.size > 0) this.#add(namespace, selectorOf(names));
    }
  }

  follows(namespace: string, team: string): boolean {
    return this.#teams.get(namespace)?.has(team) ?? false;
  }

  onNamespace(listener: (namespace: string, isFollowed: boolean) => void): () => void {
    this.#namespaceListeners.add(listener);
    return () => this.#namespaceListeners.delete(listener);
  }

  itemsIn(namespace: string): readonly PipelineRun[] {
    const items = this.#reflectors.get(namespace)?.items() ?? [];
    return items.filter((run) => this.#isOurs(run));
  }

  get(key: string): PipelineRun | undefined {
    const run = this.#reflectors.get(key.slice(0, key.indexOf('/')))?.get(key);
    return run !== undefined && this.#isOurs(run) ? run : undefined;
  }

  on(listener: (change: CacheChange<PipelineRun>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async refresh(namespace: string): Promise<void> {
    await this.#reflectors.get(namespace)?.refresh();
    this.#failing.delete(namespace);
  }

  async whenSynced(namespace: string): Promise<void> {
    await this.#reflectors.get(namespace)?.synced;
  }

  hasSynced(namespace: string): boolean {
    return this.#reflectors.get(namespace)?.hasSynced ?? false;
  }

  isFailing(namespace: string): boolean {
    return this.#failing.has(namespace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.follow(new Map());
    await Promise.all(this.#closing);
  }

  #isOurs({ metadata: { namespace = '', labels } }: PipelineRun): boolean {
    return this.follows(namespace, labels?.[LABEL.team] ?? '');
  }

  #add(namespace: string, labelSelector: string): void {
    const reflector = createReflector(pipelineRunsIn(this.#options.client, namespace), {
      labelSelector,
      transform: slimRun,
      pageSize: PAGE_SIZE,
      onError: (error, retryInMs) => {
        this.#failing.add(namespace);
        this.#options.onError(error, namespace, retryInMs);
      },
    });
    this.#reflectors.set(namespace, reflector);
    reflector.on((change) => {
      if (this.#reflectors.get(namespace) !== reflector) return;
      this.#failing.delete(namespace);
      if (!this.#isOurs(change.object)) return;
      for (const listener of this.#listeners) listener(change);
    });
    reflector.start();
    for (const listener of this.#namespaceListeners) listener(namespace, true);
  }

  #drop(namespace: string, reflector: Reflector<PipelineRun>): void {
    this.#reflectors.delete(namespace);
    this.#failing.delete(namespace);
    for (const listener of this.#namespaceListeners) listener(namespace, false);
    const closing = Promise.resolve(reflector[Symbol.asyncDispose]()).finally(() =>
      this.#closing.delete(closing),
    );
    this.#closing.add(closing);
  }
}

/** Of more teams a selector would be longer than what proxies take as a URL; then all runs are shown and ours picked out. */
const MAX_SELECTED_TEAMS = 50;

/** The API server leaves out the runs of others (Kubernetes, labels: set-based requirement). */
function selectorOf(teams: ReadonlySet<string>): string {
  const own = `${LABEL.managedBy}=${MANAGED_BY}`;
  if (teams.size > MAX_SELECTED_TEAMS) return own;
  return `${own},${LABEL.team} in (${[...teams].sort().join(',')})`;
}

function isSameSet(before: ReadonlySet<string> | undefined, after: ReadonlySet<string> | undefined): boolean {
  return before !== undefined && after !== undefined && before.symmetricDifference(after).size === 0;
}
