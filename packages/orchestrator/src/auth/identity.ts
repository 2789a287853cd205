/** An identity: who the bearer of a token is, as somebody else vouches for it. */

export interface Identity {
  /** Who vouches: `oidc` or `kubernetes`. */
  readonly source: 'oidc' | 'kubernetes';
  readonly user: string;
  readonly groups: readonly string[];
}
