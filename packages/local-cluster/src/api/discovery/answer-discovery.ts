/** Answers every GET that is not about an object: discovery, OpenAPI, version, health. */

import { ok } from '@tekton-dag/model';
import type { ApiContext } from '../http/api-context.ts';
import type { RawRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import {
  groupVersions,
  renderAggregated,
  renderCoreVersions,
  renderGroupList,
  renderOneGroup,
  renderResourceList,
} from './list-resources.ts';
import { renderEmptySwagger, SWAGGER_PROTOBUF } from './render-empty-swagger.ts';
import { openApiPath, renderOpenApi, renderOpenApiIndex, renderSwagger } from './render-openapi.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The API that the local cluster speaks; `gitVersion` is what clients compare. */
const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+tekton-dag',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

const json = (body: Record<string, unknown>, contentType?: string): ApiOutcome =>
  ok({ type: 'json', code: 200, body, ...(contentType === undefined ? {} : { contentType }) });

const text = (body: string): ApiOutcome => ok({ type: 'text', code: 200, text: body });

const wantsAggregated = ({ accept }: RawRequest): boolean =>
  accept.includes('as=APIGroupDiscoveryList') && /g=apidiscovery\.k8s\.io;v=v2[;,]/.test(accept);

const answerGroups = ({ store }: ApiContext, segments: readonly string[]): ApiOutcome | undefined => {
  const all = groupVersions(store.definitions());
  const [root, first = '', second] = segments;
  if (segments.length > (root === 'api' ? 2 : 3)) return undefined;
  if (root === 'api') {
    const list = renderResourceList(all, { group: '', version: first });
    return list === undefined ? undefined : json(list);
  }
  const found =
    second === undefined
      ? renderOneGroup(all, first)
      : renderResourceList(all, { group: first, version: second });
  return found === undefined ? undefined : json(found);
};

const answerRoots = (context: ApiContext, request: RawRequest, root: 'api' | 'apis'): ApiOutcome => {
  const all = groupVersions(context.store.definitions());
  if (wantsAggregated(request)) return json(renderAggregated(all, root), AGGREGATED);
  return json(root === 'api' ? renderCoreVersions('127.0.0.1') : renderGroupList(all));
};

const answerOpenApi = (
  { store }: ApiContext,
  { accept }: RawRequest,
  [, version, ...path]: readonly string[],
): ApiOutcome | undefined => {
  if (version === 'v2' && accept.startsWith(SWAGGER_PROTOBUF.accept)) {
    const { contentType } = SWAGGER_PROTOBUF;
    return ok({ type: 'text', code: 200, text: renderEmptySwagger(), contentType });
  }
  if (version === 'v2') return json(renderSwagger(store.definitions()));
  if (version !== 'v3') return undefined;
  if (path.length === 0) return json(renderOpenApiIndex(store.definitions()));
  const members = store.definitions().filter((definition) => openApiPath(definition) === path.join('/'));
  return members.length === 0 ? undefined : json(renderOpenApi(members));
};

/** Undefined when the path names nothing here. */
export const answerDiscovery = (context: ApiContext, request: RawRequest): ApiOutcome | undefined => {
  const segments = request.path.split('/').filter((segment) => segment !== '');
  const [root = ''] = segments;
  switch (root) {
    case 'version':
      return json(VERSION);
    case 'healthz':
    case 'livez':
    case 'readyz':
      return text('ok');
    case 'openapi':
      return answerOpenApi(context, request, segments);
    case 'api':
    case 'apis':
      return segments.length === 1 ? answerRoots(context, request, root) : answerGroups(context, segments);
    default:
      return undefined;
  }
};
