/** Protects a value from Kubernetes' own `$(NAME)` expansion in container env. */

/**
 * Kubernetes reads `$$` as `$` and `$(NAME)` as a reference (EnvVar.value in the API reference); this doubles the
 * dollars that would mean something, so the container sees the text as it was.
 */
export const escapeEnvValue = (text: string): string => text.replaceAll(/\$(?=[$(])/g, '$$$$');
