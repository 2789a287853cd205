/** Parsers of option values; a bad value is a usage error. */

import { InvalidArgumentError } from 'commander';

/** A whole number from 1 up. */
export function parsePositiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('it must be a whole number from 1 up.');
  }
  return value;
}

/** A TCP port; 0 lets the system choose. */
export function parsePort(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('it must be a port from 0 to 65535.');
  return value;
}

/** An absolute http or https URL. */
export function parseHttpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new InvalidArgumentError('it must be a URL such as http://127.0.0.1:8080.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InvalidArgumentError('it must be an http or https URL.');
  }
  return url;
}

/** Gathers a repeatable option. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** The name of a namespace (RFC 1123 label). */
export function parseNamespace(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    'it must be a name of small letters, digits and dashes, at most 63 characters.',
  );
}

/** A size as Kubernetes writes it. */
export function parseQuantity(text: string): string {
  if (/^[1-9]\d*(?:[KMGTPE]i|[kMGTPE])?$/.test(text)) return text;
  throw new InvalidArgumentError('it must be a size such as 5Gi.');
}
