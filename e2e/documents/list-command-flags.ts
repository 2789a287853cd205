/** listCommandFlags: the commands of `tekton-dag` with their flags, from the text of all helps. */

const HELP = /^\$ tekton-dag ?(.*?) ?--help\n([^]*?)(?=^\$ tekton-dag|$(?![^]))/gm;

/** By the words of the command, such as `run create`; the empty text is the program itself. */
export const listCommandFlags = (helps: string): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...helps.matchAll(HELP)].map(([, command = '', help = '']) => [
      command,
      new Set(help.match(/--[a-z][a-z-]*/g) ?? []),
    ]),
  );
