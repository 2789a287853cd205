/** Roles: what a caller may do with a team; each may do what the one before it may. */

import { ACCESS_ROLES, type AccessRole } from '@tekton-dag/model';

/** `viewer` reads, `runner` also starts and stops runs, `admin` also does what touches others' work. */
export const ROLES = ACCESS_ROLES;
export type Role = AccessRole;

/** True when who holds `held` may do what needs `needed`. */
export function includesRole(held: Role | undefined, needed: Role): boolean {
  return held !== undefined && ROLES.indexOf(held) >= ROLES.indexOf(needed);
}

/** The stronger of two. */
export function strongerRole(left: Role | undefined, right: Role): Role {
  return left !== undefined && includesRole(left, right) ? left : right;
}
