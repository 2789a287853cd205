/** Which objects a list, watch or deletecollection means: its label and field selectors and its name. */

import { ok, type Result } from '@tekton-dag/model';
import { badRequest, type ApiRefusal } from '../http/api-refusal.ts';
import type { ResourceRequest } from '../http/api-request.ts';
import { parseFieldSelector, type ObjectMatcher } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';

/** Reads the selectors of a request. */
export const selectMatcher = ({
  query,
  definition,
  target,
}: ResourceRequest): Result<ObjectMatcher, ApiRefusal> => {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) return badRequest(labels.error);
  const fields = parseFieldSelector(definition, query.get('fieldSelector') ?? '');
  if (!fields.ok) return badRequest(fields.error);
  const { name, namespace } = target;
  return ok(
    (object) =>
      (name === '' || object.metadata.name === name) &&
      (namespace === undefined || object.metadata.namespace === namespace) &&
      labels.value(object.metadata.labels ?? {}) &&
      fields.value(object),
  );
};
