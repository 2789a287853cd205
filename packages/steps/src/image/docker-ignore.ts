/** Which files of the context .dockerignore leaves out (Dockerfile reference, .dockerignore file). */
import { posix } from 'node:path';
import { compilePathPattern } from './path-pattern.ts';

const readRule = (line: string): { keep: boolean; matches: (path: string) => boolean } | undefined => {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const keep = text.startsWith('!');
  const pattern = posix.normalize(keep ? text.slice(1).trim() : text).replaceAll(/^\/+|\/+$/g, '');
  return pattern === '' || pattern === '.' ? undefined : { keep, matches: compilePathPattern(pattern) };
};

const parentsOf = (path: string): string[] => {
  const segments = path.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
};

/** A rule for a directory holds for all in it; the last rule that matches wins. */
export const createDockerIgnore = (text: string): ((path: string) => boolean) => {
  const rules = text.split(/\r?\n/).flatMap((line) => readRule(line) ?? []);
  return (path) => {
    const candidates = parentsOf(path);
    let ignored = false;
    for (const rule of rules) {
      if (candidates.some((candidate) => rule.matches(candidate))) ignored = !rule.keep;
    }
    return ignored;
  };
};
