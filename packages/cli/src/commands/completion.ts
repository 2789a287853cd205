/** completion: a script that teaches a shell the commands and options of this program. */

import type { Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { renderCompletion, type CompletionNode, type Shell } from '../render/completion.ts';

/** For example `source <(tekton-dag completion bash)`. */
export function completion(host: CliHost, program: Command, shell: Shell): Promise<number> {
  host.stdout.write(renderCompletion(describeCommand(program), shell));
  return Promise.resolve(EXIT.ok);
}

function describeCommand(command: Command): CompletionNode {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.map(({ long, short, description }) => ({
      flags: [long, short].flatMap((flag) => flag ?? []),
      description,
    })),
    commands: command.commands.map(describeCommand),
    values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}
