/** parseOwnJson: JSON text that the service itself wrote. */

/** Null for what is no JSON: a row of an older version must not make an answer fail. */
export function parseOwnJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
