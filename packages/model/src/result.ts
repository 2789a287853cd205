/** Result: an expected outcome as a value. Faults are thrown; see fault.ts. */

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };

/** Either a value or an expected failure. Check `.ok` before reading the other half. */
export type Result<T, E> = Ok<T> | Err<E>;

/** Wraps a success. */
export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** Wraps an expected failure; give it a `reason` tag when callers must tell failures apart. */
export const err = <E>(error: E): Err<E> => ({ ok: false, error });
