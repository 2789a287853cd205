/** Which files one COPY puts where; pure. */
import { posix } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { DockerfileProblem } from './image-failure.ts';
import type { ContextEntry } from './list-context.ts';
import { compilePathPattern } from './path-pattern.ts';
import type { CopyPlan } from './plan-image.ts';

/** An entry of a layer: `path` is in the image, without a leading slash. */
export interface LayerEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly linkTarget?: string;
  /** Where the content is, relative to the context; files only. */
  readonly source?: string;
}

const normalizeSource = (source: string): string =>
  posix.normalize(source).replaceAll(/^(\.?\/)+|\/+$/g, '') || '.';

const modeOf = (entry: ContextEntry, plan: CopyPlan): number => {
  if (entry.kind === 'symlink') return 0o777;
  return plan.mode ?? (entry.kind === 'directory' || entry.executable ? 0o755 : 0o644);
};

const place = (entry: ContextEntry, path: string, plan: CopyPlan): LayerEntry => ({
  path: path.replace(/^\/+/, ''),
  kind: entry.kind,
  mode: modeOf(entry, plan),
  uid: plan.uid,
  gid: plan.gid,
  sizeBytes: entry.kind === 'file' ? entry.sizeBytes : 0,
  ...(entry.linkTarget === undefined ? {} : { linkTarget: entry.linkTarget }),
  ...(entry.kind === 'file' ? { source: entry.path } : {}),
});

/** A directory gives its content, not itself. */
const placeDirectory = (
  entries: readonly ContextEntry[],
  directory: string,
  plan: CopyPlan,
): LayerEntry[] => {
  const prefix = directory === '.' ? '' : `${directory}/`;
  return entries
    .filter(({ path }) => path.startsWith(prefix))
    .map((entry) => place(entry, posix.join(plan.destination, entry.path.slice(prefix.length)), plan));
};

const placeMatch = (
  entries: readonly ContextEntry[],
  match: ContextEntry,
  plan: CopyPlan,
  many: boolean,
): LayerEntry[] => {
  if (match.kind === 'directory') return placeDirectory(entries, match.path, plan);
  const into = plan.intoDirectory || many;
  return [
    place(match, into ? posix.join(plan.destination, posix.basename(match.path)) : plan.destination, plan),
  ];
};

const placeSource = (
  entries: readonly ContextEntry[],
  source: string,
  plan: CopyPlan,
): LayerEntry[] | undefined => {
  const wanted = normalizeSource(source);
  if (wanted === '.') return placeDirectory(entries, '.', plan);
  const exact = entries.filter(({ path }) => path === wanted);
  const matches = exact.length > 0 ? exact : entries.filter(({ path }) => compilePathPattern(wanted)(path));
  if (matches.length === 0) return undefined;
  return matches.flatMap((match) => placeMatch(entries, match, plan, matches.length > 1));
};

const addParents = (files: ReadonlyMap<string, LayerEntry>): Map<string, LayerEntry> => {
  const all = new Map(files);
  for (const path of files.keys()) {
    for (
      let parent = posix.dirname(path);
      parent !== '.' && !all.has(parent);
      parent = posix.dirname(parent)
    ) {
      all.set(parent, { path: parent, kind: 'directory', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0 });
    }
  }
  return all;
};

/** Entries of the layer of one COPY, sorted, parents included. A source that matches nothing is a problem. */
export const selectFiles = (
  entries: readonly ContextEntry[],
  plan: CopyPlan,
): Result<LayerEntry[], DockerfileProblem[]> => {
  const files = new Map<string, LayerEntry>();
  const problems: DockerfileProblem[] = [];
  for (const source of plan.sources) {
    const outside = posix.normalize(source).startsWith('..');
    const placed = outside ? undefined : placeSource(entries, source, plan);
    const message = outside
      ? `${source} is outside of the context`
      : `${source}: no such file in the context`;
    if (placed === undefined) problems.push({ reason: 'invalid', line: plan.line, message });
    else for (const entry of placed) files.set(entry.path, entry);
  }
  if (problems.length > 0) return err(problems);
  return ok([...addParents(files).values()].sort((a, b) => (a.path < b.path ? -1 : 1)));
};
