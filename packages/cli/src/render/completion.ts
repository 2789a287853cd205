/** renderCompletion: completion scripts for bash, zsh and fish from a tree of commands. Pure. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface CompletionNode {
  readonly name: string;
  readonly description: string;
  readonly options: readonly { readonly flags: readonly string[]; readonly description: string }[];
  readonly commands: readonly CompletionNode[];
  /** Values that its argument may have. */
  readonly values: readonly string[];
}

/** The whole script. */
export function renderCompletion(root: CompletionNode, shell: Shell): string {
  return RENDERERS[shell](root);
}

const RENDERERS: Readonly<Record<Shell, (root: CompletionNode) => string>> = {
  bash: renderBash,
  zsh: (root) => `#compdef ${root.name}\nautoload -U +X bashcompinit && bashcompinit\n${renderBash(root)}`,
  fish: renderFish,
};

interface Path {
  /** Names below the root, e.g. `['run', 'list']`. */
  readonly names: readonly string[];
  readonly node: CompletionNode;
}

function pathsOf(node: CompletionNode, names: readonly string[] = []): Path[] {
  return [{ names, node }, ...node.commands.flatMap((child) => pathsOf(child, [...names, child.name]))];
}

/** Words of the command line that are command names select the case; the rest are arguments and options. */
function renderBash(root: CompletionNode): string {
  const paths = pathsOf(root);
  const known = paths.filter(({ names }) => names.length > 0).map(({ names }) => names.join(' '));
  const cases = paths.map(({ names, node }) => `    "${names.join(' ')}") words="${wordsOf(node)}" ;;`);
  return `_tekton_dag() {
  local path="" word words known="|${known.join('|')}|"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    local longer="\${path:+$path }$word"
    [[ "$known" == *"|$longer|"* ]] && path="$longer"
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _tekton_dag ${root.name}
`;
}

function wordsOf({ commands, options, values }: CompletionNode): string {
  return [
    ...commands.map(({ name }) => name),
    ...values,
    ...options.flatMap(({ flags }) => flags),
    '--help',
  ].join(' ');
}

function renderFish(root: CompletionNode): string {
  const lines = pathsOf(root).flatMap(({ names, node }) => {
    const condition = fishCondition(names, node);
    const commands = node.commands.map(
      ({ name, description }) => `${condition} -f -a ${name} -d ${quote(description)}`,
    );
    const values = node.values.map((value) => `${condition} -f -a ${value}`);
    const options = node.options.map(
      ({ flags, description }) => `${condition}${fishFlags(flags)} -d ${quote(description)}`,
    );
    return [...commands, ...values, ...options].map((line) => `complete -c ${root.name} ${line}\n`);
  });
  return lines.join('');
}

function fishCondition(names: readonly string[], node: CompletionNode): string {
  const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`);
  const children = node.commands.map(({ name }) => name);
  const notYet = children.length === 0 ? [] : [`not __fish_seen_subcommand_from ${children.join(' ')}`];
  const all = [...seen, ...notYet];
  return all.length === 0 ? '' : `-n ${quote(all.join('; and '))}`;
}

function fishFlags(flags: readonly string[]): string {
  return flags
    .map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`))
    .join('');
}

/** Single quotes; fish reads backslash and quote inside them only when escaped. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
