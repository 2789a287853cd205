/** fitSections: as many sections of a text as a forge takes. Pure. */

const NOTICE = '_Parts of this report are left out: it would be longer than the forge takes._';
const GAP = '\n\n';

/** Sections are whole Markdown blocks: one that does not fit is left out with all after it, and a notice says so. */
export function fitSections(sections: readonly string[], maxCharacters: number): string {
  const filled = sections.filter((section) => section !== '');
  const whole = filled.join(GAP);
  if (whole.length <= maxCharacters) return whole;
  const kept: string[] = [];
  let left = maxCharacters - NOTICE.length - GAP.length;
  for (const section of filled) {
    left -= section.length + GAP.length;
    if (left < 0) break;
    kept.push(section);
  }
  return [...kept, NOTICE].join(GAP);
}
