/** hasSkipWord: whether a title or a commit message asks for no run. */

/** As GitHub Actions, GitLab and Azure Pipelines know them. */
const SKIP_WORDS = ['[skip ci]', '[ci skip]', '[no ci]', '***no_ci***'] as const;

export function hasSkipWord(text: string): boolean {
  const lower = text.toLowerCase();
  return SKIP_WORDS.some((word) => lower.includes(word));
}
