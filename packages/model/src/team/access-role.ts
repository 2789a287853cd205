/** AccessRole: what a caller of the API may do, each role including the one before it. */

export const ACCESS_ROLES = ['viewer', 'runner', 'admin'] as const;
/** `viewer` reads, `runner` starts and cancels runs, `admin` changes settings. */
export type AccessRole = (typeof ACCESS_ROLES)[number];
