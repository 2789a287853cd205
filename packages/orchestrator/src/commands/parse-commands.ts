/** parseCommands: the commands that stand in a comment. Pure; the comment is hostile. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { Command, CommandLine } from './command.ts';
import { commentLines } from './comment-lines.ts';

/** What is longer is no conversation with us. */
const MAX_BODY_CHARACTERS = 65_536;
/** More in one comment are not read. */
const MAX_COMMANDS = 10;
const COMMAND_LINE = /^\/([a-z][a-z-]{0,19})(?:[ \t]+(\S.{0,199}))?[ \t]*$/i;
const TARGET = /^([a-z0-9][-a-z0-9]{0,62})\/([a-z0-9][-a-z0-9]{0,62})$/;
const SHA = /^[0-9a-f]{7,64}$/;

type ArgumentParser = (text: string) => Result<Command, string>;

const PARSERS: Readonly<Record<string, ArgumentParser>> = {
  test: parseTest,
  retest: withoutArguments({ kind: 'retest' }),
  cancel: withoutArguments({ kind: 'cancel' }),
  'ok-to-test': parseOkToTest,
  hold: parseHold,
  help: withoutArguments({ kind: 'help' }),
};

/**
 * One entry per line that begins with a command of ours, in order, each said once. Words that other programs listen to
 * (`/lgtm`) are passed over; a command of ours that is misspelt comes with a hint.
 */
export function parseCommands(body: string): readonly CommandLine[] {
  const found = new Map<string, CommandLine>();
  for (const line of commentLines(body.slice(0, MAX_BODY_CHARACTERS))) {
    const parsed = parseLine(line);
    if (parsed !== undefined && found.size < MAX_COMMANDS) found.set(parsed.text, parsed);
  }
  return [...found.values()];
}

function parseLine(line: string): CommandLine | undefined {
  const [, spelling = '', rest = ''] = COMMAND_LINE.exec(line) ?? [];
  const word = spelling.toLowerCase();
  const parser = Object.hasOwn(PARSERS, word) ? PARSERS[word] : undefined;
  if (parser === undefined) return undefined;
  const given = rest.trim();
  const parsed = parser(given);
  // What could not be read is not shown again: it may be anything.
  if (!parsed.ok) return { kind: 'misspelt', text: `/${word}`, hint: parsed.error };
  return { kind: 'command', command: parsed.value, text: given === '' ? `/${word}` : `/${word} ${given}` };
}

function withoutArguments(command: Command): ArgumentParser {
  return (text) => (text === '' ? ok(command) : err(`write \`/${command.kind}\` alone on its line`));
}

function parseTest(text: string): Result<Command, string> {
  if (text === '') return ok({ kind: 'test' });
  const [, team, stack] = TARGET.exec(text) ?? [];
  if (team === undefined || stack === undefined) return err('write `/test`, or `/test <team>/<stack>`');
  return ok({ kind: 'test', target: { team, stack } });
}

function parseOkToTest(text: string): Result<Command, string> {
  const sha = text.toLowerCase();
  if (!SHA.test(sha))
    return err('write `/ok-to-test <sha>` with at least 7 characters of the commit that you have read');
  return ok({ kind: 'ok-to-test', sha });
}

function parseHold(text: string): Result<Command, string> {
  if (text === '') return ok({ kind: 'hold' });
  return text.toLowerCase() === 'cancel' ? ok({ kind: 'unhold' }) : err('write `/hold` or `/hold cancel`');
}
