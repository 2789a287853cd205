/** The environment of a step: envFrom, then env in order, each value able to use those before it. */

import { err, ok, substituteItems, type Result } from '@tekton-dag/model';
import type { EnvFrom, EnvVar } from '../specs/volume-spec.ts';
import type { Replacements } from '../substitution/replacements.ts';
import { substitute, substituteText } from '../substitution/substitute.ts';
import type { ClusterFiles, Entries } from './cluster-files.ts';
import { configFailure, type ConfigFailure } from './config-failure.ts';

export interface EnvSources {
  readonly files: ClusterFiles;
  /** Values of `fieldRef` paths, e.g. `metadata.name`. */
  readonly fields: ReadonlyMap<string, string>;
  readonly replacements: Replacements;
}

type Env = Record<string, string>;

/** The variables, or why they cannot be had. */
export function resolveEnv(
  envFrom: readonly EnvFrom[],
  env: readonly EnvVar[],
  sources: EnvSources,
): Result<Env, ConfigFailure> {
  const values = new Map<string, string>();
  for (const from of envFrom) {
    const failure = addAll(from, sources, values);
    if (failure !== undefined) return err(failure);
  }
  for (const template of env) {
    const value = valueOf(template, sources, values);
    if (!value.ok) return value;
    if (value.value !== undefined) values.set(template.name, value.value);
  }
  return ok(Object.fromEntries(values));
}

function addAll(
  template: EnvFrom,
  sources: EnvSources,
  values: Map<string, string>,
): ConfigFailure | undefined {
  const { prefix = '', configMapRef, secretRef } = substitute(template, sources.replacements);
  const ref = configMapRef ?? secretRef;
  if (ref === undefined) return undefined;
  const kind = configMapRef === undefined ? 'secret' : 'configmap';
  const entries = kind === 'secret' ? sources.files.secret(ref.name) : sources.files.configMap(ref.name);
  if (entries === undefined) {
    return ref.optional === true ? undefined : configFailure(`${kind} "${ref.name}" not found`);
  }
  for (const [key, content] of entries) values.set(prefix + key, content.toString('utf8'));
  return undefined;
}

function valueOf(
  { value, valueFrom }: EnvVar,
  sources: EnvSources,
  known: ReadonlyMap<string, string>,
): Result<string | undefined, ConfigFailure> {
  if (valueFrom === undefined) return ok(expandText(value ?? '', sources.replacements, known));
  const { configMapKeyRef, secretKeyRef, fieldRef } = substitute(valueFrom, sources.replacements);
  if (fieldRef !== undefined) return ok(sources.fields.get(fieldRef.fieldPath) ?? '');
  if (configMapKeyRef !== undefined) {
    return keyOf('configmap', configMapKeyRef, sources.files.configMap(configMapKeyRef.name));
  }
  return secretKeyRef === undefined
    ? ok(undefined)
    : keyOf('secret', secretKeyRef, sources.files.secret(secretKeyRef.name));
}

interface KeySelector {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean | undefined;
}

function keyOf(
  kind: 'configmap' | 'secret',
  ref: KeySelector,
  entries: Entries | undefined,
): Result<string | undefined, ConfigFailure> {
  const content = entries?.get(ref.key);
  if (content !== undefined) return ok(content.toString('utf8'));
  if (ref.optional === true) return ok(undefined);
  return err(
    configFailure(
      entries === undefined
        ? `${kind} "${ref.name}" not found`
        : `couldn't find key ${ref.key} in ${kind} ${ref.name}`,
    ),
  );
}

/** A list of texts, e.g. args: an item that is nothing but an array's variable becomes its elements. */
export function expandItems(
  items: readonly string[],
  replacements: Replacements,
  env: ReadonlyMap<string, string>,
): string[] {
  return items.flatMap((item) =>
    ENV_REFERENCE.test(item)
      ? [expandText(item, replacements, env)]
      : substituteItems([item], replacements).value,
  );
}

const ENV_REFERENCE = /(\$\([A-Za-z_]\w*\))/;

/**
 * Tekton variables and, as kubelet does, `$(ENV)`. Only what the template itself says is expanded: a value that
 * holds `$(ENV)` arrives as it is.
 */
function expandText(text: string, replacements: Replacements, env: ReadonlyMap<string, string>): string {
  return text
    .split(ENV_REFERENCE)
    .map((piece) => env.get(/^\$\((\w+)\)$/.exec(piece)?.[1] ?? '') ?? substituteText(piece, replacements))
    .join('');
}
