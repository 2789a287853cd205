/** Makes a name out of `metadata.generateName` as the API server does: the prefix and five random letters or digits. */

import { randomInt } from 'node:crypto';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_PREFIX_LENGTH = 63 - SUFFIX_LENGTH;

/** No vowels, no look-alikes: the suffix can neither spell a word nor be misread. */
export const generateName = (prefix: string): string => {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length)));
  return prefix.slice(0, MAX_PREFIX_LENGTH) + suffix.join('');
};
