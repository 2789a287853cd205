/** renderRunTree: a run as a tree of tasks with times, for a terminal that is drawn anew. */

import type { RunState } from '../run/run-state.ts';
import type { RunTree, TaskNode } from '../run/run-tree.ts';
import { renderDuration } from './duration.ts';
import type { Style } from './style.ts';

const SIGNS: Readonly<Record<RunState, string>> = {
  pending: '○',
  running: '●',
  succeeded: '✓',
  failed: '✗',
  cancelled: '⊘',
  skipped: '–',
};

/** One line per node, the run first. */
export function renderRunTree(tree: RunTree, style: Style): string[] {
  const time = tree.durationMs === undefined ? '' : ` ${renderDuration(tree.durationMs)}`;
  const reason = tree.reason === '' ? tree.state : tree.reason;
  const head = `${sign(tree.state, style)} ${style.bold(tree.name)} ${reason}${style.dim(time)}`;
  return [head, ...renderNodes(tree.tasks, '', style)];
}

function renderNodes(nodes: readonly TaskNode[], indent: string, style: Style): string[] {
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const line = `${indent}${style.dim(last ? '└─' : '├─')} ${renderNode(node, style)}`;
    return [line, ...renderNodes(node.children, `${indent}${last ? '   ' : `${style.dim('│')}  `}`, style)];
  });
}

function renderNode(node: TaskNode, style: Style): string {
  const name = node.state === 'pending' || node.state === 'skipped' ? style.dim(node.name) : node.name;
  const time = node.durationMs === undefined ? '' : style.dim(` ${renderDuration(node.durationMs)}`);
  const note = node.note === undefined ? '' : ` ${style.dim(`(${node.note})`)}`;
  return `${sign(node.state, style)} ${name}${time}${note}`;
}

function sign(state: RunState, style: Style): string {
  const paint: Readonly<Record<RunState, (text: string) => string>> = {
    pending: style.dim,
    running: style.cyan,
    succeeded: style.green,
    failed: style.red,
    cancelled: style.red,
    skipped: style.dim,
  };
  return paint[state](SIGNS[state]);
}
