/** headerText: the value of a header that may come once. */

import type { RequestHeaders } from './forge.ts';

export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
