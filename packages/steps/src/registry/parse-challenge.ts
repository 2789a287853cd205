/** Reads a registry's demand for credentials (RFC 9110 section 11.6.1, RFC 6750 section 3); pure. */

export interface Challenge {
  /** `basic` or `bearer`; empty when the registry demands nothing that we know. */
  readonly scheme: string;
  readonly realm: string;
  readonly service: string | undefined;
}

/** Reads `Bearer realm="...",service="..."`. */
export const parseChallenge = (header: string): Challenge => {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const fields = new Map<string, string>();
  for (const [, key = '', value = ''] of rest.matchAll(/(\w+)="([^"]*)"/g))
    fields.set(key.toLowerCase(), value);
  return {
    scheme: scheme.toLowerCase(),
    realm: fields.get('realm') ?? '',
    service: fields.get('service'),
  };
};
