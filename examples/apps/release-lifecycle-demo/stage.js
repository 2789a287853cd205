/** Says which stage of its life a version is in. */
export function stageOf(version) {
  if (version.includes('-')) return 'candidate';
  return version.startsWith('0.') ? 'preview' : 'released';
}
