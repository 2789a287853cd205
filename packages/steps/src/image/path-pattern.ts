/** Path patterns of Dockerfile COPY and .dockerignore (Go filepath.Match, plus `**`). */

const escapeRegExp = (text: string): string => text.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);

const TOKEN = /\*\*\/?|\*|\?|\\.|\[(\^?)((?:\\.|[^\]\\])+)\]|./gsu;

const translate = (token: string, negation: string | undefined, set: string | undefined): string => {
  if (token === '**/') return '(?:.*/)?';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (set !== undefined) return `[${negation === '^' ? '^/' : ''}${set.replaceAll('[', String.raw`\[`)}]`;
  return escapeRegExp(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token);
};

/** A matcher of whole paths without leading or trailing slash. */
export const compilePathPattern = (pattern: string): ((path: string) => boolean) => {
  const source = pattern.replaceAll(TOKEN, (token: string, negation?: string, set?: string) =>
    translate(token, negation, set),
  );
  const expression = new RegExp(`^${source}$`, 'su');
  return (path) => expression.test(path);
};
