/** renderProgress: what is new in a run since the last look, one line per change, for logs and pipes. */

import type { RunState } from '../run/run-state.ts';
import type { RunTree, TaskNode } from '../run/run-tree.ts';
import { renderDuration } from './duration.ts';

/** What was already said: path of a node to its state. */
export type ToldStates = ReadonlyMap<string, RunState>;

/** The lines to append and what is told then; a pending node says nothing. */
export function renderProgress(tree: RunTree, told: ToldStates): { lines: string[]; told: ToldStates } {
  const nodes = [...flatten(tree.tasks, ''), { path: tree.name, node: { ...tree, note: noteOf(tree) } }];
  const news = nodes.filter(({ path, node }) => node.state !== 'pending' && told.get(path) !== node.state);
  const lines = news.map(({ path, node }) => {
    const time =
      node.durationMs === undefined || node.state === 'running' ? '' : ` ${renderDuration(node.durationMs)}`;
    return `${path} ${node.state}${time}${node.note === undefined ? '' : ` (${node.note})`}`;
  });
  return { lines, told: new Map([...told, ...news.map(({ path, node }) => [path, node.state] as const)]) };
}

type Told = Pick<TaskNode, 'state' | 'durationMs' | 'note'>;

function flatten(nodes: readonly TaskNode[], prefix: string): { path: string; node: Told }[] {
  return nodes.flatMap((node) => [
    ...flatten(node.children, `${prefix}${node.name}/`),
    { path: `${prefix}${node.name}`, node },
  ]);
}

function noteOf({ state, reason }: RunTree): string | undefined {
  return state === 'running' || reason === '' ? undefined : reason;
}
