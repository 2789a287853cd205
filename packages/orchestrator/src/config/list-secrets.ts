/** listSecrets: every secret of the settings, wherever it is, so that all of them can be masked. */

import { Secret } from '../secret.ts';

/** Looks into plain objects, lists and maps; of a URL that holds a password, the password is told too. */
export function listSecrets(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value, ...passwordOf(value)];
  if (value instanceof Map) return [...value.values()].flatMap(listSecrets);
  if (Array.isArray(value)) return value.flatMap(listSecrets);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listSecrets) : [];
}

function passwordOf(secret: Secret): readonly Secret[] {
  const text = secret.reveal();
  const password = URL.canParse(text) ? new URL(text).password : '';
  if (password === '') return [];
  return [password, decode(password)].map((form) => new Secret(form));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
