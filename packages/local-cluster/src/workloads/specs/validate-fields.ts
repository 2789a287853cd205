/** Checks an object against its schema and words the problems as the Kubernetes API server does. */

import type { z } from 'zod';
import type { FieldError } from '../../contracts/resource-definition.ts';
import type { Container, PodSpec, Volume } from './pod-schema.ts';
import { matchesSelector } from './match-selector.ts';
import type { LabelSelector } from './workload-schemas.ts';

/** Every problem that the schema finds below `prefix`. */
export function validateFields(value: unknown, schema: z.ZodType, prefix: string): FieldError[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    field: fieldPath(prefix, issue.path),
    message:
      issue.code === 'invalid_type' && issue.input === undefined
        ? 'Required value'
        : `Invalid value: ${issue.message}`,
  }));
}

/** What a schema cannot say about a pod: unique names, mounts of known volumes, images. */
export function validatePodSpec(spec: PodSpec, prefix: string): FieldError[] {
  const lists = [
    ...spec.containers.map((container, index) => ({ container, at: `${prefix}.containers[${index}]` })),
    ...(spec.initContainers ?? []).map((container, index) => ({
      container,
      at: `${prefix}.initContainers[${index}]`,
    })),
  ];
  const volumes = (spec.volumes ?? []).map((volume) => volume.name);
  return [
    ...duplicates(lists.map(({ container }) => container.name)).map((name) => ({
      field: `${prefix}.containers`,
      message: `Duplicate value: ${JSON.stringify(name)}`,
    })),
    ...duplicates(volumes).map((name) => ({
      field: `${prefix}.volumes`,
      message: `Duplicate value: ${JSON.stringify(name)}`,
    })),
    ...lists.flatMap(({ container, at }) => validateContainer(container, at, volumes)),
    ...(spec.volumes ?? []).flatMap((volume, index) => validateVolume(volume, `${prefix}.volumes[${index}]`)),
  ];
}

/** Files of a volume stay inside it. */
function validateVolume(volume: Volume, at: string): FieldError[] {
  const sources = volume.projected?.sources ?? [];
  return [
    ...validateItems(volume, at),
    ...sources.flatMap((source, index) => validateItems(source, `${at}.projected.sources[${index}]`)),
  ];
}

type FileSource = Pick<Volume, 'configMap' | 'secret' | 'downwardAPI'>;

function validateItems({ configMap, secret, downwardAPI }: FileSource, at: string): FieldError[] {
  return [
    ...pathsOf(configMap).flatMap((path, index) =>
      fileProblems(`${at}.configMap.items[${index}].path`, path),
    ),
    ...pathsOf(secret).flatMap((path, index) => fileProblems(`${at}.secret.items[${index}].path`, path)),
    ...pathsOf(downwardAPI).flatMap((path) => fileProblems(`${at}.downwardAPI.path`, path)),
  ];
}

const pathsOf = (source: { readonly items?: readonly { readonly path: string }[] | undefined } | undefined) =>
  (source?.items ?? []).map(({ path }) => path);

/** Names that begin with two dots are the kubelet's own. */
function fileProblems(field: string, path: string): FieldError[] {
  if (path === '') return [{ field, message: 'Required value' }];
  const isReserved = path.startsWith('..') && !leadsOutside(path);
  return isReserved ? [invalidPath(field, path, "must not start with '..'")] : mountProblems(field, path);
}

function mountProblems(field: string, path: string): FieldError[] {
  if (!leadsOutside(path)) return [];
  const why = path.startsWith('/') ? 'must be a relative path' : "must not contain '..'";
  return [invalidPath(field, path, why)];
}

const leadsOutside = (path: string): boolean => path.startsWith('/') || path.split('/').includes('..');

const invalidPath = (field: string, path: string, why: string): FieldError => ({
  field,
  message: `Invalid value: ${JSON.stringify(path)}: ${why}`,
});

/** The selector must choose the pods that the template makes. */
export function validateSelector(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  const empty =
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  if (empty)
    return [
      { field: 'spec.selector', message: 'Invalid value: {}: empty selector is invalid for deployment' },
    ];
  if (matchesSelector(selector, labels ?? {})) return [];
  return [
    {
      field: 'spec.template.metadata.labels',
      message: `Invalid value: ${JSON.stringify(labels ?? {})}: \`selector\` does not match template \`labels\``,
    },
  ];
}

function validateContainer(container: Container, at: string, volumes: readonly string[]): FieldError[] {
  const image = (container.image ?? '') === '' ? [{ field: `${at}.image`, message: 'Required value' }] : [];
  const mounts = (container.volumeMounts ?? []).flatMap(({ name, subPath = '' }, index) => [
    ...(volumes.includes(name)
      ? []
      : [{ field: `${at}.volumeMounts[${index}].name`, message: `Not found: ${JSON.stringify(name)}` }]),
    ...mountProblems(`${at}.volumeMounts[${index}].subPath`, subPath),
  ]);
  return [...image, ...mounts];
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function fieldPath(prefix: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, prefix);
}
