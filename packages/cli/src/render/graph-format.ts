/** renderGraph: a stack's graph as text, Mermaid, Graphviz DOT or JSON. */

import type { Stack } from '@tekton-dag/model';

export const GRAPH_FORMATS = ['mermaid', 'dot', 'json'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** Without a format: one line per app, `caller -> callee, callee`. */
export function renderGraph(stack: Stack, format: GraphFormat | undefined): string {
  return format === undefined ? stack.apps.map(renderLine).join('') : RENDERERS[format](stack);
}

const RENDERERS: Readonly<Record<GraphFormat, (stack: Stack) => string>> = {
  mermaid: renderMermaid,
  dot: renderDot,
  json: (stack) => `${JSON.stringify(graphOf(stack), undefined, 2)}\n`,
};

function renderLine({ name, downstream }: Stack['apps'][number]): string {
  return downstream.length === 0 ? `${name}\n` : `${name} -> ${downstream.join(', ')}\n`;
}

interface GraphJson {
  readonly name: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly role: string;
    readonly propagationRole: string;
  }[];
  readonly edges: readonly { readonly caller: string; readonly callee: string }[];
}

function graphOf({ name, apps }: Stack): GraphJson {
  return {
    name,
    nodes: apps.map((app) => ({ name: app.name, role: app.role, propagationRole: app.propagationRole })),
    edges: apps.flatMap((app) => app.downstream.map((callee) => ({ caller: app.name, callee }))),
  };
}

/** Node ids are numbered: Mermaid has reserved words, such as `end`, that an app may be called. */
function renderMermaid(stack: Stack): string {
  const ids = new Map(stack.apps.map(({ name }, index) => [name, `n${index}`]));
  const nodes = stack.apps.map(({ name }) => `  ${ids.get(name)}["${name}"]`);
  const edges = graphOf(stack).edges.map(
    ({ caller, callee }) => `  ${ids.get(caller)} --> ${ids.get(callee)}`,
  );
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
}

function renderDot(stack: Stack): string {
  const nodes = stack.apps.map(({ name }) => `  "${name}";`);
  const edges = graphOf(stack).edges.map(({ caller, callee }) => `  "${caller}" -> "${callee}";`);
  return `${[`digraph "${stack.name}" {`, '  rankdir=LR;', ...nodes, ...edges, '}'].join('\n')}\n`;
}
