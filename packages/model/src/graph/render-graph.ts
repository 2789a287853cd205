/** Pictures of a stack's graph: Mermaid (https://mermaid.js.org), DOT (https://graphviz.org) and JSON. */

import type { App, Stack } from '../stack/stack.ts';
import { entryApps } from './entry-apps.ts';
import { propagationChain } from './propagation-chain.ts';
import { topologicalOrder } from './topological-order.ts';

/** A Mermaid flowchart: one node per app with its role, one arrow per call. Ends with a newline. */
export function renderMermaid(stack: Stack): string {
  const ids = new Map(stack.apps.map(({ name }, index) => [name, `app${index}`]));
  const nodes = stack.apps.map(
    (app) => `  ${ids.get(app.name)}["${mermaidText(labelOf(app).join('<br/>'))}"]`,
  );
  const edges = edgesOf(stack).map(({ caller, callee }) => `  ${ids.get(caller)} --> ${ids.get(callee)}`);
  const title = ['---', `title: ${JSON.stringify(titleOf(stack))}`, '---'];
  return lines([...title, 'flowchart LR', ...nodes, ...edges]);
}

/** A Graphviz digraph. Ends with a newline. */
export function renderDot(stack: Stack): string {
  const nodes = stack.apps.map(
    (app) => `  ${dotText(app.name)} [label=${dotText(labelOf(app).join('\n'))}];`,
  );
  const edges = edgesOf(stack).map(({ caller, callee }) => `  ${dotText(caller)} -> ${dotText(callee)};`);
  const head = [`digraph ${dotText(stack.name)} {`, '  rankdir=LR;', '  node [shape=box];'];
  return lines([...head, `  label=${dotText(titleOf(stack))};`, ...nodes, ...edges, '}']);
}

/** The graph as data: `{name, description?, order, entries, chain, nodes, edges}`, two spaces deep. Ends with a newline. */
export function renderGraphJson(stack: Stack): string {
  const { name, description } = stack;
  const nodes = stack.apps.map(({ name, repo, role, propagationRole }) => ({
    name,
    repo,
    role,
    propagationRole,
  }));
  const graph = {
    name,
    description,
    order: topologicalOrder(stack),
    entries: entryApps(stack),
    chain: propagationChain(stack),
    nodes,
    edges: edgesOf(stack),
  };
  return `${JSON.stringify(graph, null, 2)}\n`;
}

function edgesOf(stack: Stack): { caller: string; callee: string }[] {
  return stack.apps.flatMap(({ name, downstream }) =>
    [...new Set(downstream)].map((callee) => ({ caller: name, callee })),
  );
}

function labelOf({ name, role, propagationRole }: App): string[] {
  return [name, `${role}, ${propagationRole}`];
}

function titleOf({ name, description }: Stack): string {
  const text = description?.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return text === undefined || text === '' ? name : `${name}: ${text}`;
}

/** Mermaid knows entities by number; `<br/>` is ours. */
function mermaidText(text: string): string {
  return text.replaceAll(/["#&;]/g, (character) => `#${character.codePointAt(0)};`);
}

/** A quoted DOT string: only the quote and the backslash mean something in it; `\n` breaks the line. */
function dotText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
