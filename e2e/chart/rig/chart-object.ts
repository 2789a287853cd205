/** ChartObject: an object that the chart renders, as far as the tests look at all of them. */

import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const texts = z.record(z.string(), z.string());

const chartObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: texts.default({}),
    annotations: texts.default({}),
  }),
});
export type ChartObject = z.output<typeof chartObject>;

/** Every object of a YAML text, in its order. */
export function parseChartObjects(yaml: string): ChartObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const value: unknown = document.toJS();
    return value === null ? [] : [chartObject.parse(value)];
  });
}

/** Kind, namespace and name: what makes an object one of its own. */
export function idOf({ kind, metadata }: ChartObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
