/** Result: an expected outcome as a value. The same shape as the model's, stated here because kube is a leaf. */

/** Either a value or an expected failure. Check `.ok` before reading the other half. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Wraps a success. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Wraps an expected failure, tagged by `reason`. */
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
