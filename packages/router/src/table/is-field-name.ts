/** Tells header names (RFC 9110, section 5.1: a token) from everything else. */
export function isFieldName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/.test(name);
}
