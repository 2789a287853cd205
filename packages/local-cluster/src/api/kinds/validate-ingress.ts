/** validateIngress: hosts and paths of an Ingress, judged as the Kubernetes API server does. Pure. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { readField, readText } from './read-field.ts';

type Fields = Readonly<Record<string, unknown>>;

const HOST = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'];

/** Every problem, in the order of the rules. */
export function validateIngress(object: KubeObject): readonly FieldError[] {
  return recordsIn(readField(object, 'spec', 'rules')).flatMap((rule, index) => {
    const at = `spec.rules[${index}]`;
    const paths = recordsIn(readField(rule, 'http', 'paths'));
    return [
      ...hostProblems(readText(rule, 'host'), `${at}.host`),
      ...paths.flatMap((path, place) => pathProblems(path, `${at}.http.paths[${place}]`)),
    ];
  });
}

const recordsIn = (list: unknown): readonly Fields[] => (Array.isArray(list) ? list.filter(isRecord) : []);

function hostProblems(host: string, field: string): readonly FieldError[] {
  if (host === '' || (host.length <= 253 && HOST.test(host))) return [];
  const why =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [{ field, message: `Invalid value: ${JSON.stringify(host)}: ${why}` }];
}

function pathProblems(fields: Fields, at: string): readonly FieldError[] {
  const path = readText(fields, 'path');
  const type = readText(fields, 'pathType');
  if (type === '')
    return [{ field: `${at}.pathType`, message: 'Required value: pathType must be specified' }];
  if (!PATH_TYPES.includes(type)) {
    const supported = PATH_TYPES.toSorted().map((each) => JSON.stringify(each));
    const message = `Unsupported value: ${JSON.stringify(type)}: supported values: ${supported.join(', ')}`;
    return [{ field: `${at}.pathType`, message }];
  }
  const mayBeLeftOut = type === 'ImplementationSpecific' && path === '';
  if (mayBeLeftOut || path.startsWith('/')) return [];
  return [
    { field: `${at}.path`, message: `Invalid value: ${JSON.stringify(path)}: must be an absolute path` },
  ];
}
