/** RESTART_PARTS: parts of a run of a pull request, in order; each but the first stands on the ones before it. */

export const RESTART_PARTS = ['build', 'deploy', 'test'] as const;
export type RestartPart = (typeof RESTART_PARTS)[number];
