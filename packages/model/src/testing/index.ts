/** What other rooms' tests and benchmarks need of the model: generated stacks and arbitraries. */

export { acyclicGraph, anyGraph, anyStack, anyText, hostileText } from './arbitraries.ts';
export { generateStack, type GeneratedStackOptions } from './generate-stack.ts';
export { renderStackFile } from './render-stack-file.ts';
