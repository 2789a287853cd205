/** The security context that Pod Security level `restricted` asks of a container; pure. */

/** Nobody on most images; the user of this program's image. */
const UNPRIVILEGED_USER = 65_532;

const shared = { allowPrivilegeEscalation: false, seccompProfile: { type: 'RuntimeDefault' } } as const;

/** User 0 cannot be had within `restricted`: such a container passes `baseline`. */
export const restrictedSecurityContext = (user = UNPRIVILEGED_USER) =>
  user === 0
    ? { ...shared, runAsUser: 0 }
    : { ...shared, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, runAsUser: user };
