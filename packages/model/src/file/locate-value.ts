/** locateValue: where a value stands in a file, for problems that only show when several files are seen together. */

import { type Path, type Place, readYaml } from './yaml-source.ts';

/** The place of the value at `path`, or of the nearest thing around it; the beginning where the text is no YAML. */
export function locateValue(text: string, file: string, path: Path): Place {
  const source = readYaml(text, file);
  return source.ok ? source.value.placeOf(path) : { file, line: 1, column: 1 };
}
