/** Which form of an answer the client asked for with its Accept header. */

export type Form = 'json' | 'table' | 'metadata' | 'yaml';

const JSON_TYPES = new Set(['application/json', '*/*', 'application/*']);

const jsonForm = (parameters: readonly string[]): Form | undefined => {
  const as = parameters.find((each) => each.startsWith('as='))?.slice('as='.length);
  if (as === undefined) return 'json';
  if (as === 'Table') return parameters.includes('v=v1') ? 'table' : undefined;
  return as.startsWith('PartialObjectMetadata') ? 'metadata' : undefined;
};

const formOf = (part: string): Form | undefined => {
  const [type = '', ...parameters] = part.split(';').map((each) => each.trim());
  if (type === 'application/yaml') return 'yaml';
  return JSON_TYPES.has(type) ? jsonForm(parameters) : undefined;
};

/** The first form of the header that the API has; undefined when it has none of them (406). */
export const negotiate = (accept: string): Form | undefined => {
  if (accept.trim() === '') return 'json';
  return accept
    .split(',')
    .map((part) => formOf(part.trim()))
    .find((form) => form !== undefined);
};
