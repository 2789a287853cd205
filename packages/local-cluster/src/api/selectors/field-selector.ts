/** Field selectors: `metadata.name=x,status.phase!=Running`; which fields count depends on the kind. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ResourceDefinition } from '../../contracts/resource-definition.ts';

export type ObjectMatcher = (object: KubeObject) => boolean;

const REQUIREMENT = /^([A-Za-z0-9_.-]+)(==|=|!=)(.*)$/;

const fieldReader = (
  definition: ResourceDefinition,
  field: string,
): ((object: KubeObject) => string) | undefined => {
  if (field === 'metadata.name') return ({ metadata }) => metadata.name ?? '';
  if (field === 'metadata.namespace') return ({ metadata }) => metadata.namespace ?? '';
  return definition.selectableFields?.[field];
};

/** Parses a selector for one kind. The error is a sentence for the client. */
export const parseFieldSelector = (
  definition: ResourceDefinition,
  text: string,
): Result<ObjectMatcher, string> => {
  const matchers: ObjectMatcher[] = [];
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [, field = '', operator, value = ''] = REQUIREMENT.exec(part.trim()) ?? [];
    if (operator === undefined) return err(`invalid selector: '${part}'; can't understand '${part}'`);
    const read = fieldReader(definition, field);
    if (read === undefined) return err(`field label not supported: ${field}`);
    matchers.push((object) => (read(object) === value) === (operator !== '!='));
  }
  return ok((object) => matchers.every((matches) => matches(object)));
};
