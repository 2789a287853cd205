/** Fills `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` in a Dockerfile (Dockerfile reference, Environment replacement). */

const VARIABLE = /\\([\\$])|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g;

/** Unknown names become empty; `\$` stays a dollar. */
export const expandVariables = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replaceAll(
    VARIABLE,
    (
      _whole: string,
      escaped: string | undefined,
      plain: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
    ) => {
      if (escaped !== undefined) return escaped;
      const value = values.get(plain ?? braced ?? '') ?? '';
      if (operator === '-') return value === '' ? (word ?? '') : value;
      if (operator === '+') return value === '' ? '' : (word ?? '');
      return value;
    },
  );
