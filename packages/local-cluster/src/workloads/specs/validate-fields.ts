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

const SOURCES_OF_FILES = ['configMap', 'secret', 'downwardAPI'] as const;

/** Files of a volume stay inside it. */
function validateVolume(volume: Volume, at: string): FieldError[] {
  return SOURCES_OF_FILES.flatMap((source) =>
    (volume[source]?.items ?? []).flatMap(({ path }, index) =>
      leadsOutside(path) ? [pathProblem(`${at}.${source}.items[${index}].path`, path)] : [],
    ),
  );
}

const leadsOutside = (path: string): boolean => path.startsWith('/') || path.split('/').includes('..');

const pathProblem = (field: string, path: string): FieldError => ({
  field,
  message: `Invalid value: ${JSON.stringify(path)}: ${path.startsWith('/') ? 'must be a relative path' : "must not contain '..'"}`,
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
    ...(leadsOutside(subPath) ? [pathProblem(`${at}.volumeMounts[${index}].subPath`, subPath)] : []),
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
