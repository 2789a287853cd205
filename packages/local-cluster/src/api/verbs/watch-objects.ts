/** Watch: the changes of a collection as a stream of JSON lines. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { WatchEvent } from '../../contracts/object-store.ts';
import type { ApiContext } from '../http/api-context.ts';
import type { ApiRefusal } from '../http/api-refusal.ts';
import { apiVersionOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome, Sink } from '../http/api-response.ts';
import { negotiate, type Form } from '../http/negotiate.ts';
import { presentObject } from '../http/present.ts';
import { renderFailure } from '../http/render-status.ts';
import type { ObjectMatcher } from '../selectors/field-selector.ts';
import { selectObjects } from './list-objects.ts';
import { selectMatcher } from './select-matcher.ts';

const BOOKMARK_INTERVAL_MS = 60_000;
/** What the API server picks when the client names no timeout. */
const DEFAULT_TIMEOUT_SECONDS = 1800;
const INITIAL_END = 'k8s.io/initial-events-end';

interface Change {
  readonly type: WatchEvent['type'];
  readonly object: KubeObject;
}

interface WatchPlan {
  readonly matches: ObjectMatcher;
  /** What is there already, told first as ADDED. */
  readonly initial: readonly KubeObject[];
  /** Changes up to this version are told or known. */
  readonly after: number;
  /** Tell when the initial objects are all sent (streaming lists). */
  readonly endsInitial: boolean;
}

/** A change of an object as a watch with a selector sees it: entering is ADDED, leaving is DELETED. */
const seenThroughSelector = (event: WatchEvent, matches: ObjectMatcher): Change | undefined => {
  const now = matches(event.object);
  if (event.type !== 'MODIFIED') return now ? { type: event.type, object: event.object } : undefined;
  const before = event.previous !== undefined && matches(event.previous);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: event.object };
  return before ? { type: 'DELETED', object: event.object } : undefined;
};

const versionOf = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion);

const planWatch = (context: ApiContext, request: ResourceRequest): Result<WatchPlan, ApiRefusal> => {
  const matches = selectMatcher(request);
  if (!matches.ok) return matches;
  const asked = request.query.get('resourceVersion') ?? '';
  const streamsList = request.query.get('sendInitialEvents') === 'true';
  const current = Number(context.store.resourceVersion());
  if (!streamsList && asked !== '' && asked !== '0') {
    return ok({ matches: matches.value, initial: [], after: Number(asked), endsInitial: false });
  }
  const selected = selectObjects(context, request);
  if (!selected.ok) return selected;
  return ok({ matches: matches.value, initial: selected.value, after: current, endsInitial: streamsList });
};

/** Serialized once per object however many watches there are. */
const plainJson = new WeakMap<KubeObject, string>();

const toJson = (object: KubeObject): string => {
  const found = plainJson.get(object);
  if (found !== undefined) return found;
  const made = JSON.stringify(object);
  plainJson.set(object, made);
  return made;
};

class WatchStream {
  readonly #context: ApiContext;
  readonly #request: ResourceRequest;
  readonly #plan: WatchPlan;
  readonly #sink: Sink;
  readonly #form: Form;
  #told: number;
  #withColumns = true;

  constructor(context: ApiContext, request: ResourceRequest, plan: WatchPlan, sink: Sink) {
    this.#context = context;
    this.#request = request;
    this.#plan = plan;
    this.#sink = sink;
    this.#form = negotiate(request.accept) ?? 'json';
    this.#told = plan.after;
  }

  run(): void {
    const { store } = this.#context;
    const missed = store.changesSince(this.#request.definition, this.#plan.after);
    const ahead = this.#plan.after > Number(store.resourceVersion());
    if (!missed.ok || ahead || Number.isNaN(this.#plan.after)) {
      this.#tellError(
        missed.ok
          ? { code: 410, reason: 'Expired', message: `unknown resource version: ${this.#plan.after}` }
          : missed.error,
      );
      return;
    }
    for (const object of this.#plan.initial) this.#tell({ type: 'ADDED', object });
    if (this.#plan.endsInitial) this.#bookmark({ [INITIAL_END]: 'true' });
    for (const event of missed.value) this.#hear(event);
    this.#followUntilGone(store.watch(this.#request.definition, (event) => this.#hear(event)));
  }

  #followUntilGone(unsubscribe: () => void): void {
    const seconds = Number(this.#request.query.get('timeoutSeconds') ?? 0) || DEFAULT_TIMEOUT_SECONDS;
    const bookmarks = setInterval(() => this.#bookmark(), BOOKMARK_INTERVAL_MS);
    const end = setTimeout(() => {
      this.#bookmark();
      this.#sink.end();
    }, seconds * 1000);
    const stop = (): void => {
      unsubscribe();
      clearInterval(bookmarks);
      clearTimeout(end);
    };
    if (this.#sink.gone.aborted) stop();
    else this.#sink.gone.addEventListener('abort', stop, { once: true });
  }

  #hear(event: WatchEvent): void {
    const version = versionOf(event.object);
    if (version <= this.#told) return;
    this.#told = version;
    const change = seenThroughSelector(event, this.#plan.matches);
    if (change !== undefined) this.#tell(change);
  }

  #tell({ type, object }: Change): void {
    this.#sink.write(`{"type":"${type}","object":${this.#render(object)}}\n`);
  }

  #render(object: KubeObject): string {
    if (this.#form === 'json') return toJson(object);
    const withColumns = this.#withColumns;
    this.#withColumns = false;
    return JSON.stringify(
      presentObject(this.#request, object, this.#form, { now: this.#context.now(), withColumns }),
    );
  }

  #bookmark(annotations?: Record<string, string>): void {
    if (this.#request.query.get('allowWatchBookmarks') !== 'true') return;
    const { definition } = this.#request;
    const resourceVersion = this.#context.store.resourceVersion();
    const metadata = {
      resourceVersion,
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    const object =
      this.#form === 'table'
        ? {
            kind: 'Table',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { resourceVersion },
            columnDefinitions: null,
            rows: [],
          }
        : { kind: definition.kind, apiVersion: apiVersionOf(definition), metadata };
    this.#sink.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  #tellError(refusal: ApiRefusal): void {
    this.#sink.write(`${JSON.stringify({ type: 'ERROR', object: renderFailure(refusal) })}\n`);
    this.#sink.end();
  }
}

/** Answers with a stream that ends at the timeout, when the client goes, or after an ERROR event. */
export const watchObjects = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const plan = planWatch(context, request);
  if (!plan.ok) return err(plan.error);
  return ok({
    type: 'stream',
    contentType: 'application/json',
    run: (sink) => new WatchStream(context, request, plan.value, sink).run(),
  });
};
