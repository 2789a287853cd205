/** parseDefinition: the text of a fetched file as the object that it defines, with Tekton's defaults. Pure. */

import { err, ok, type Result } from '@tekton-dag/model';
import { parse } from 'yaml';
import { z } from 'zod';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { tektonResources } from '../resources.ts';
import { TEKTON_GROUP } from '../specs/tekton-labels.ts';

export type DefinitionResource = 'pipelines' | 'tasks' | 'stepactions';

const SINGULAR = { pipelines: 'pipeline', tasks: 'task', stepactions: 'StepAction' } as const;

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
    annotations: z.record(z.string(), z.string()).exactOptional(),
  }),
});

/** The error is in Tekton's words, as far as Go's own words about a text can be. */
export function parseDefinition(text: string, resource: DefinitionResource): Result<KubeObject, string> {
  const parsed = objectSchema.safeParse(parseYaml(text));
  if (!parsed.success)
    return refuse('resolved resource validation error: the file holds no Kubernetes object');
  const { apiVersion, kind, metadata } = parsed.data;
  const definition = tektonResources.find((one) => one.resource === resource);
  if (kind !== definition?.kind || !apiVersion.startsWith(`${TEKTON_GROUP}/`)) {
    return err(`resource is not a ${SINGULAR[resource]}`);
  }
  const object: KubeObject = { ...parsed.data, metadata: { ...metadata } };
  const filled = definition.setDefaults?.(object) ?? object;
  const [problem] = definition.validate?.(filled) ?? [];
  if (problem === undefined) return ok(filled);
  return refuse(`resolved resource validation error: ${problem.message}: ${problem.field}`);
}

const refuse = (why: string): Result<never, string> => err(`error requesting remote resource: ${why}`);

function parseYaml(text: string): unknown {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    return value;
  } catch {
    return undefined;
  }
}
