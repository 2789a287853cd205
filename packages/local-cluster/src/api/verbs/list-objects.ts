/** GET of an object or of a collection. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { expired, notFound } from '../../objects/store-refusals.ts';
import type { ApiContext } from '../http/api-context.ts';
import type { ApiRefusal } from '../http/api-refusal.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { selectMatcher } from './select-matcher.ts';
import type { Page } from './snapshot-pages.ts';

const sortKey = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The selected objects in the order of their keys, as etcd has them. */
export const selectObjects = (
  context: ApiContext,
  request: ResourceRequest,
): Result<readonly KubeObject[], ApiRefusal> => {
  const matches = selectMatcher(request);
  if (!matches.ok) return matches;
  const { namespace } = request.target;
  const { items } = context.store.list(request.definition, namespace === undefined ? {} : { namespace });
  const keyed = items.filter(matches.value).map((object) => ({ object, key: sortKey(object) }));
  return ok(keyed.sort((a, b) => compare(a.key, b.key)).map(({ object }) => object));
};

const pageOf = (context: ApiContext, request: ResourceRequest): Result<Page, ApiRefusal> => {
  const limit = Number(request.query.get('limit') ?? 0) || 0;
  const token = request.query.get('continue') ?? '';
  if (token !== '') {
    const page = context.pages.next(token, limit);
    return page === undefined ? expired('The provided continue parameter is too old.') : ok(page);
  }
  const selected = selectObjects(context, request);
  return selected.ok
    ? ok(context.pages.first(selected.value, context.store.resourceVersion(), limit))
    : selected;
};

/** One page of a collection. */
export const listObjects = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const page = pageOf(context, request);
  return page.ok ? ok({ type: 'list', ...page.value }) : err(page.error);
};

/** One object. */
export const getObject = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const key = objectKeyOf(request);
  const object = context.store.get(key);
  return object === undefined ? notFound(key, key.name) : ok({ type: 'object', code: 200, object });
};
