/** generateStack: a stack of any size for tests and benchmarks, always the same for the same number. */

import type { App, Role, Stack } from '../stack/stack.ts';

export interface GeneratedStackOptions {
  /** How many apps, from 1. */
  readonly apps: number;
  /** At most so many callees of one app; default 3. */
  readonly fanOut?: number;
}

/**
 * App n calls the apps from 2n+1 on, as a heap does, but one more: neighbours share callees. So the graph has one
 * entry, many diamonds and logarithmic depth.
 */
export function generateStack({ apps, fanOut = 3 }: GeneratedStackOptions): Stack {
  return {
    name: `generated-${apps}`,
    description: `A stack of ${apps} apps.`,
    propagation: { headerName: 'x-dev-session', baggageKey: 'dev-session' },
    defaults: { namespace: 'staging', servicePort: 80, containerPort: 8080 },
    apps: Array.from({ length: apps }, (_, index) => generateApp(index, apps, fanOut)),
  };
}

function generateApp(index: number, apps: number, fanOut: number): App {
  const callees = Array.from({ length: fanOut }, (_, step) => 2 * index + 1 + step);
  const downstream = callees.filter((callee) => callee < apps).map(nameOf);
  return {
    name: nameOf(index),
    repo: `acme/${nameOf(index)}`,
    role: roleOf(index, downstream),
    propagationRole: downstream.length === 0 ? 'terminal' : index === 0 ? 'originator' : 'forwarder',
    namespace: 'staging',
    containerPort: 8080,
    servicePort: 80,
    contextDir: '.',
    dockerfile: 'Dockerfile',
    build: { tool: index % 2 === 0 ? 'npm' : 'pip', runtime: 'custom', env: {} },
    downstream,
    tests: { postman: 'postman/collection.json' },
  };
}

function roleOf(index: number, downstream: readonly string[]): Role {
  if (downstream.length === 0) return 'persistence';
  return index === 0 ? 'frontend' : 'middleware';
}

function nameOf(index: number): string {
  return `app-${index}`;
}
