/** Fills `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` in a Dockerfile (Dockerfile reference, Environment replacement). */

const VARIABLE =
  /\\(?<escaped>[\\$])|\$(?:(?<plain>\w+)|\{(?<braced>\w+)(?::(?<operator>[-+])(?<word>[^}]*))?\})/g;

const fill = (
  groups: Readonly<Record<string, string | undefined>>,
  values: ReadonlyMap<string, string>,
): string => {
  const { escaped, plain, braced, operator, word = '' } = groups;
  if (escaped !== undefined) return escaped;
  const value = values.get(plain ?? braced ?? '') ?? '';
  if (operator === '-') return value === '' ? word : value;
  if (operator === '+') return value === '' ? '' : word;
  return value;
};

/** Unknown names become empty; `\$` stays a dollar. */
export const expandVariables = (text: string, values: ReadonlyMap<string, string>): string => {
  let filled = '';
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    filled += text.slice(end, match.index) + fill(match.groups ?? {}, values);
    end = match.index + match[0].length;
  }
  return filled + text.slice(end);
};
