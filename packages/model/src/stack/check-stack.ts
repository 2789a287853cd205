/** checkStack: what a schema cannot say of a stack: unique and free names and namespaces, edges that lead somewhere, no cycle. */

import type { Diagnostic } from '../diagnostic.ts';
import { closestName } from '../file/closest-name.ts';
import { valueAt } from '../file/value-at.ts';
import type { Path, YamlSource } from '../file/yaml-source.ts';
import { findCycle, type Graph } from '../graph/index.ts';
import { checkNamespaces } from '../team/check-namespaces.ts';

/** Headers that mean something to HTTP or to tracing already; a session in them would break requests. */
const RESERVED_HEADER =
  /^(?:host|connection|upgrade|te|trailer|transfer-encoding|content-.*|cookie|set-cookie|authorization|baggage|traceparent|tracestate|forwarded|x-forwarded-.*|x-tekton-dag-.*)$/i;

type AppNode = Graph['apps'][number] & { readonly index: number };

/** Reads names and edges as far as they are there, so that these problems show beside those of the schema. */
export function checkStack(source: YamlSource): Diagnostic[] {
  const apps = readApps(source.value);
  return [
    ...duplicateNames(apps, source),
    ...reservedNames(apps, source),
    ...danglingEdges(apps, source),
    ...cycles(apps, source),
    ...reservedHeader(source),
    ...checkNamespaces(source, namespacesOf(source.value)),
  ];
}

function reservedHeader(source: YamlSource): Diagnostic[] {
  const name = valueAt(source.value, ['propagation', 'header-name']);
  if (typeof name !== 'string' || !RESERVED_HEADER.test(name)) return [];
  return [
    {
      ...source.placeOf(['propagation', 'header-name']),
      message: `the header ${JSON.stringify(name)} has another meaning already`,
      hint: 'take a header of your own, such as x-dev-session',
      code: 'bad-name',
    },
  ];
}

function namespacesOf(value: unknown): Path[] {
  const apps = valueAt(value, ['apps']);
  const indexes = Array.isArray(apps) ? [...apps.keys()] : [];
  return [['defaults', 'namespace'], ...indexes.map((index) => ['apps', index, 'namespace'])];
}

function readApps(value: unknown): AppNode[] {
  const apps: unknown = valueAt(value, ['apps']);
  if (!Array.isArray(apps)) return [];
  return apps.flatMap((app: unknown, index) => {
    const name = valueAt(app, ['name']);
    const downstream = valueAt(app, ['downstream']);
    const edges: readonly unknown[] = Array.isArray(downstream) ? downstream : [];
    const named = edges.map((edge) => (typeof edge === 'string' ? edge : ''));
    return typeof name === 'string' ? [{ name, downstream: named, index }] : [];
  });
}

function duplicateNames(apps: readonly AppNode[], source: YamlSource): Diagnostic[] {
  const first = new Map<string, number>();
  return apps.flatMap(({ name, index }) => {
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, index);
      return [];
    }
    const { line } = source.placeOf(['apps', earlier, 'name']);
    const message = `the app ${JSON.stringify(name)} is already there, on line ${line}`;
    return [{ ...source.placeOf(['apps', index, 'name']), message, code: 'duplicate-app' }];
  });
}

/** Names that would meet the Services we make beside the app's own. */
function reservedNames(apps: readonly AppNode[], source: YamlSource): Diagnostic[] {
  const taken = apps.filter(({ name }) => name.endsWith('-baseline') || name.startsWith('tekton-dag-'));
  return taken.map(({ name, index }) => ({
    ...source.placeOf(['apps', index, 'name']),
    message: `${JSON.stringify(name)} is a reserved name`,
    hint: 'names that begin with tekton-dag- or end in -baseline are ours',
    code: 'bad-name',
  }));
}

function danglingEdges(apps: readonly AppNode[], source: YamlSource): Diagnostic[] {
  const names = new Set(apps.map((app) => app.name));
  return apps.flatMap(({ downstream, index }) =>
    downstream.flatMap((callee, position) => {
      if (callee === '' || names.has(callee)) return [];
      const closest = closestName(callee, names);
      return [
        {
          ...source.placeOf(['apps', index, 'downstream', position]),
          message: `the stack has no app ${JSON.stringify(callee)}`,
          ...(closest === undefined ? {} : { hint: `did you mean ${JSON.stringify(closest)}?` }),
          code: 'dangling-downstream',
        },
      ];
    }),
  );
}

function cycles(apps: readonly AppNode[], source: YamlSource): Diagnostic[] {
  const cycle = findCycle({ apps: mergedByName(apps) });
  if (cycle === undefined) return [];
  const [caller, callee = ''] = cycle;
  const app = apps.find(({ name, downstream }) => name === caller && downstream.includes(callee));
  const position = app?.downstream.indexOf(callee) ?? 0;
  return [
    {
      ...source.placeOf(['apps', app?.index ?? 0, 'downstream', position]),
      message: `the apps call each other in a circle: ${cycle.join(' -> ')}`,
      hint: 'take one of these edges out',
      code: 'cycle',
    },
  ];
}

/** Apps of one name as one app, so that a duplicate hides no cycle. */
function mergedByName(apps: readonly AppNode[]): Graph['apps'] {
  const edges = new Map<string, string[]>();
  for (const { name, downstream } of apps) {
    const known = edges.get(name);
    if (known === undefined) edges.set(name, [...downstream]);
    else known.push(...downstream);
  }
  return Array.from(edges, ([name, downstream]) => ({ name, downstream }));
}
