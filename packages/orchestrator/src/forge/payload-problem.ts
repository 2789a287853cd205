/** Why a signed request is of no use. */

export interface PayloadProblem {
  readonly reason: 'headers' | 'payload-not-json' | 'payload-invalid';
  readonly message: string;
}
