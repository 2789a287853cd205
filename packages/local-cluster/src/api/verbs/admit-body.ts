/** Reads the object in a request's body: decodes it, checks its identity, and drops or refuses unknown fields. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { badRequest, type ApiRefusal } from '../http/api-refusal.ts';
import { apiVersionOf, type ResourceRequest } from '../http/api-request.ts';
import { decodeBody, toKubeObject } from '../http/parse-object.ts';
import { objectSchema } from '../schema/object-schema.ts';
import { pruneUnknown } from '../schema/prune-unknown.ts';
import { validateValue } from '../schema/validate-value.ts';
import { isBuiltInGroup } from '../schema/list-semantics.ts';

export interface Admitted {
  readonly object: KubeObject;
  /** One sentence per unknown field, under fieldValidation=Warn. */
  readonly warnings: readonly string[];
}

const expectedOf = ({ definition }: ResourceRequest) => ({
  apiVersion: apiVersionOf(definition),
  kind: definition.kind,
});

const kindProblem = (object: KubeObject, request: ResourceRequest): string | undefined => {
  const { apiVersion, kind } = expectedOf(request);
  if (object.apiVersion !== apiVersion) {
    return `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`;
  }
  return object.kind === kind
    ? undefined
    : `${object.kind} in version "${apiVersion}" cannot be handled as a ${kind}`;
};

const nameProblem = ({ metadata }: KubeObject, { target }: ResourceRequest): string | undefined => {
  if (target.name !== '' && metadata.name !== target.name) {
    return `the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${target.name})`;
  }
  const { namespace: own = '' } = metadata;
  const { namespace = own } = target;
  return own === '' || own === namespace
    ? undefined
    : 'the namespace of the provided object does not match the namespace sent on the request';
};

const cannotBeHandled = ({ definition }: ResourceRequest, why: string): string =>
  `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}: ${why}`;

/** The types of built-in kinds are checked as they are decoded; custom kinds are validated by the store. */
const typeProblem = (object: KubeObject, { definition }: ResourceRequest): string | undefined => {
  if (definition.schema === undefined || !isBuiltInGroup(definition.group)) return undefined;
  const wrong = validateValue(object, objectSchema(definition)).filter(({ message }) =>
    message.includes('must be of type'),
  );
  return wrong.length === 0 ? undefined : wrong.map(({ message }) => message).join(', ');
};

const inNamespace = (object: KubeObject, { definition, target }: ResourceRequest): KubeObject => {
  const { namespace: _namespace, ...metadata } = object.metadata;
  if (!definition.namespaced) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, namespace: target.namespace ?? 'default' } };
};

/** Checks an object that a client made, whether sent whole or made by a patch. */
export const admitObject = (value: unknown, request: ResourceRequest): Result<Admitted, ApiRefusal> => {
  const read = toKubeObject(value, expectedOf(request));
  if (!read.ok) return badRequest(read.error);
  const named =
    request.target.name === '' || read.value.metadata.name !== undefined
      ? read.value
      : { ...read.value, metadata: { ...read.value.metadata, name: request.target.name } };
  const problem = kindProblem(named, request) ?? nameProblem(named, request);
  if (problem !== undefined) return badRequest(problem);
  const mistyped = typeProblem(named, request);
  if (mistyped !== undefined) return badRequest(cannotBeHandled(request, mistyped));
  return admitFields(inNamespace(named, request), request);
};

const admitFields = (object: KubeObject, request: ResourceRequest): Result<Admitted, ApiRefusal> => {
  const { value, unknown } = pruneUnknown(object, objectSchema(request.definition));
  const sentences = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  const mode = request.query.get('fieldValidation') ?? 'Warn';
  if (mode === 'Strict' && sentences.length > 0) {
    return badRequest(cannotBeHandled(request, `strict decoding error: ${sentences.join(', ')}`));
  }
  const pruned = toKubeObject(value, expectedOf(request));
  if (!pruned.ok) return badRequest(pruned.error);
  return ok({ object: pruned.value, warnings: mode === 'Warn' ? sentences : [] });
};

/** Reads the request's body. */
export const admitBody = (request: ResourceRequest): Result<Admitted, ApiRefusal> => {
  const decoded = decodeBody(request.body, request.contentType);
  if (!decoded.ok) return err({ code: 400, reason: 'BadRequest', message: decoded.error });
  return admitObject(decoded.value, request);
};
