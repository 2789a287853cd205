/**
 * matchPaths: whether a file is among those that change an app. The patterns are those of GitHub's path filters: `*`
 * is any text within a name, `**` any text, `?` one character of a name, and a leading `!` takes out what it matches.
 */

/** `skip` may pass over the two tokens after it; a star consumes any number of characters, the others one. */
type Token = string | { readonly star: 'name' | 'path' } | { readonly skip: true };

const SKIPPED_TOKENS = 2;

/**
 * The last pattern that matches decides; where the first takes out, all other files are in. The time is at most the
 * length of `path` times that of the patterns: both may come from people who wish the service ill.
 */
export function matchPaths(patterns: readonly string[], path: string): boolean {
  const startsIn = patterns[0]?.startsWith('!') ?? true;
  return patterns.reduce((isIn, pattern) => {
    const takesOut = pattern.startsWith('!');
    return matchPattern(takesOut ? pattern.slice(1) : pattern, path) ? !takesOut : isIn;
  }, startsIn);
}

/** Walks all ways through the pattern at once: `reached[i]` says that the text so far may end before token `i`. */
function matchPattern(pattern: string, path: string): boolean {
  const tokens = tokenize(pattern);
  let reached = passEmpty(tokens, [true, ...tokens.map(() => false)]);
  for (const character of path) reached = passEmpty(tokens, consume(tokens, reached, character));
  return reached[tokens.length] === true;
}

function consume(tokens: readonly Token[], reached: readonly boolean[], character: string): boolean[] {
  const next = [false, ...tokens.map(() => false)];
  for (const [index, token] of tokens.entries()) {
    if (reached[index] !== true) continue;
    if (typeof token === 'string') next[index + 1] ||= meets(token, character);
    else if ('star' in token) next[index] ||= token.star === 'path' || character !== '/';
  }
  return next;
}

function meets(token: string, character: string): boolean {
  return token === '?' ? character !== '/' : token === character;
}

/** Goes on where no character is needed. */
function passEmpty(tokens: readonly Token[], reached: boolean[]): boolean[] {
  for (const [index, token] of tokens.entries()) {
    if (reached[index] !== true || typeof token === 'string') continue;
    reached[index + 1] = true;
    if ('skip' in token) reached[index + 1 + SKIPPED_TOKENS] = true;
  }
  return reached;
}

/** Directories (two stars and a slash) at the beginning of a name may be none at all. */
function tokenize(pattern: string): Token[] {
  return [...pattern.matchAll(/(?<=^|\/)\*\*\/|\*\*|\*|[^*]/gu)].flatMap(([part]): Token[] => {
    if (part === '**/') return [{ skip: true }, { star: 'path' }, '/'];
    if (part === '**') return [{ star: 'path' }];
    return part === '*' ? [{ star: 'name' }] : [part];
  });
}
