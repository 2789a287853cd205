/** findCommands: what a page calls of `tekton-dag` and its scripts, in blocks and in sentences. */

export interface CommandUse {
  /** Its words, such as `run create`. */
  readonly command: string;
  /** The flags that it is given; behind a group such as `run` also the word that should be a command of it. */
  readonly named: readonly string[];
}

/** The command that each script is another name of, as docs/scripts.md has it. */
const SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['bootstrap-namespace.sh', 'namespace bootstrap'],
  ['promote-pipelines.sh', 'catalog promote'],
  ['generate-run.sh', 'run generate'],
  ['run-e2e-with-intercepts.sh', 'run e2e'],
  ['rerun-pr-from.sh', 'run rerun'],
  ['stack-graph.sh', 'stack graph'],
  ['publish-build-images.sh', 'images build'],
  ['configure-github-webhooks.sh', 'webhooks configure'],
]);

const CALL = /(?:\btekton-dag|scripts\/([\w-]+\.sh))((?: +[^\s`|;&)]+)*)/g;
const FLAG = /^--[a-z][a-z-]*/;

/** The longest of the first words that are a command; undefined where none is. */
function commandOf(words: readonly string[], known: ReadonlySet<string>): string | undefined {
  return [3, 2, 1]
    .map((count) => words.slice(0, count).join(' '))
    .find((name) => name !== '' && known.has(name));
}

/** What stands where a group's command should, as `run wach`. */
function findStrayWord(
  command: string,
  words: readonly string[],
  known: ReadonlySet<string>,
): readonly string[] {
  const isGroup = [...known].some((name) => name.startsWith(`${command} `));
  const next = words[command.split(' ').length];
  return isGroup && next !== undefined && /^[a-z][a-z-]*$/.test(next) ? [next] : [];
}

/** Calls of commands in `known`; other uses of the word, such as a release of that name, are left out. */
export function findCommands(text: string, known: ReadonlySet<string>): readonly CommandUse[] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ');
  return [...lines.matchAll(CALL)].flatMap(([, script, rest = '']) => {
    const words = rest.trim().split(/ +/);
    const command = script === undefined ? commandOf(words, known) : SCRIPTS.get(script);
    if (command === undefined) return [];
    const flags = words.flatMap((word) => FLAG.exec(word)?.[0] ?? []);
    return [{ command, named: [...findStrayWord(command, words, known), ...flags] }];
  });
}
