/** Chooses the reports that fit into the run record; pure. */

/** Reports in order, as long as they fit. */
export const fitReports = (
  reports: readonly Readonly<Record<string, string>>[],
  maxBytes: number,
): Record<string, string> => {
  const kept: Record<string, string> = {};
  let left = maxBytes;
  for (const [key, xml] of reports.flatMap((part) => Object.entries(part))) {
    left -= Buffer.byteLength(xml);
    if (left >= 0) kept[key] = xml;
  }
  return kept;
};
