/** Names of what a run makes: the same run and suffix always give the same name. */
import { createHash } from 'node:crypto';

/** Longest name that also fits into a label. */
const MAX_NAME_LENGTH = 63;

/** `<run>-<suffix>`; what is too long is cut and told apart by a hash. */
export const childName = (run: string, suffix: string): string => {
  const name = `${run}-${suffix}`;
  if (name.length <= MAX_NAME_LENGTH) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_NAME_LENGTH - 9).replace(/[-.]+$/, '')}-${hash}`;
};
