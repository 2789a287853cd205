import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStack, generateStack } from '../testing/index.ts';
import { renderDot, renderGraphJson, renderMermaid } from './render-graph.ts';

const STACK = { ...generateStack({ apps: 2 }), description: 'Says "hi" \\ and\n"""; }' };

describe('the pictures of a graph', { timeout: 30_000 }, () => {
  it('are a Mermaid flowchart with a quoted title', () => {
    expect(renderMermaid(STACK)).toBe(`---
title: "generated-2: Says \\"hi\\" \\\\ and \\"\\"\\"; }"
---
flowchart LR
  app0["app-0<br/>frontend, originator"]
  app1["app-1<br/>persistence, terminal"]
  app0 --> app1
`);
  });

  it('are a DOT digraph with escaped texts', () => {
    expect(renderDot(STACK)).toBe(String.raw`digraph "generated-2" {
  rankdir=LR;
  node [shape=box];
  label="generated-2: Says \"hi\" \\ and \"\"\"; }";
  "app-0" [label="app-0\nfrontend, originator"];
  "app-1" [label="app-1\npersistence, terminal"];
  "app-0" -> "app-1";
}
`);
  });

  it('are JSON with order, entries and chain', () => {
    expect(JSON.parse(renderGraphJson(STACK))).toEqual({
      name: 'generated-2',
      description: STACK.description,
      order: ['app-0', 'app-1'],
      entries: ['app-0'],
      chain: ['app-0', 'app-1'],
      nodes: [
        { name: 'app-0', repo: 'acme/app-0', role: 'frontend', propagationRole: 'originator' },
        { name: 'app-1', repo: 'acme/app-1', role: 'persistence', propagationRole: 'terminal' },
      ],
      edges: [{ caller: 'app-0', callee: 'app-1' }],
    });
  });

  it('have one line per node and edge whatever the description holds', () => {
    fc.assert(
      fc.property(anyStack(), (stack) => {
        const edges = stack.apps.flatMap((app) => app.downstream).length;
        expect(
          renderDot(stack)
            .trimEnd()
            .split(/\r\n|[\r\n\u2028]/),
        ).toHaveLength(stack.apps.length + edges + 5);
        expect(
          renderMermaid(stack)
            .trimEnd()
            .split(/\r\n|[\r\n\u2028]/),
        ).toHaveLength(stack.apps.length + edges + 4);
      }),
    );
  });
});
