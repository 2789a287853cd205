/** parseAssignments: `key=value` options and JSON maps of strings; a bad one is a usage error that names the option. */

import { CliFailure } from './cli-failure.ts';
import { EXIT } from './exit-code.ts';

/** Splits at the first `=`; values may hold any character. */
export function parseAssignments(assignments: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const equals = assignment.indexOf('=');
      if (equals < 1)
        throw new CliFailure(EXIT.usage, `${option} takes name=value, not ${JSON.stringify(assignment)}`);
      return [assignment.slice(0, equals), assignment.slice(equals + 1)];
    }),
  );
}

/** A JSON object whose values are all strings. */
export function parseStringMap(text: string, option: string): Record<string, string> {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAMap(option);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      if (typeof item !== 'string') throw notAMap(option);
      return [key, item];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notAMap(option: string): CliFailure {
  return new CliFailure(EXIT.usage, `${option} takes a JSON object of strings, such as {"demo-api":"1.2.0"}`);
}
