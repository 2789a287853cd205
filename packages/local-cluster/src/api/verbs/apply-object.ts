/** PATCH with an apply configuration: server-side apply. */

import { err, ok } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { kubernetesTime } from '../../objects/revise-object.ts';
import { fieldsOf } from '../apply/field-set.ts';
import { withManagedFields } from '../apply/managed-fields.ts';
import { serverSideApply, type ApplyConflict } from '../apply/server-side-apply.ts';
import type { ApiContext } from '../http/api-context.ts';
import { badRequest, type ApiRefusal } from '../http/api-refusal.ts';
import { isDryRun, objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { admitObject, type Admitted } from './admit-body.ts';
import { withoutStatus } from './create-object.ts';
import { managerOf, rootPlace } from './field-ownership.ts';
import { writeRevision } from './write-revision.ts';

const describeManager = ({ manager, apiVersion, subresource }: ApplyConflict): string =>
  subresource === undefined
    ? `conflict with "${manager}" using ${apiVersion}`
    : `conflict with "${manager}" with subresource "${subresource}" using ${apiVersion}`;

const conflictRefusal = (conflicts: readonly ApplyConflict[]): ApiRefusal => {
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`;
  const listed = conflicts.map((conflict) => `${describeManager(conflict)}: ${conflict.field}`).join('\n');
  return {
    code: 409,
    reason: 'Conflict',
    message: `Apply failed with ${count}: ${listed}`,
    causes: conflicts.map((conflict) => ({
      reason: 'FieldManagerConflict',
      field: conflict.field,
      message: describeManager(conflict),
    })),
  };
};

const createApplied = (
  context: ApiContext,
  request: ResourceRequest,
  { object, warnings }: Admitted,
): ApiOutcome => {
  const manager = managerOf(request, 'Apply');
  const applied = withoutStatus(object, request.definition);
  const entry = {
    ...manager,
    time: kubernetesTime(context.now()),
    fields: fieldsOf(applied, rootPlace(request)),
  };
  const owned = withManagedFields(applied, [entry]);
  const created = context.store.create(request.definition, owned, { dryRun: isDryRun(request) });
  return created.ok ? ok({ type: 'object', code: 201, object: created.value, warnings }) : created;
};

const applyToLive = (
  context: ApiContext,
  request: ResourceRequest,
  live: KubeObject,
  admitted: Admitted,
): ApiOutcome => {
  const merged = serverSideApply(live, admitted.object, {
    manager: managerOf(request, 'Apply'),
    force: request.query.get('force') === 'true',
    place: rootPlace(request),
    time: kubernetesTime(context.now()),
  });
  if (!merged.ok) return err(conflictRefusal(merged.error));
  const { resourceVersion } = admitted.object.metadata;
  const locked =
    resourceVersion === undefined
      ? merged.value
      : { ...merged.value, metadata: { ...merged.value.metadata, resourceVersion } };
  return writeRevision(context, request, live, { object: locked, warnings: admitted.warnings, track: false });
};

/** Applies to the live object, or makes it. */
export const applyObject = (context: ApiContext, request: ResourceRequest, value: unknown): ApiOutcome => {
  if ((request.query.get('fieldManager') ?? '') === '') {
    return badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const admitted = admitObject(value, request);
  if (!admitted.ok) return admitted;
  if (admitted.value.object.metadata.managedFields !== undefined) {
    return badRequest('metadata.managedFields must be nil');
  }
  const live = context.store.get(objectKeyOf(request));
  return live === undefined
    ? createApplied(context, request, admitted.value)
    : applyToLive(context, request, live, admitted.value);
};
