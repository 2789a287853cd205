/** Declares `tekton-dag images ...`: the images that clusters run. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { ENGINE_NAMES } from '../images/engine.ts';
import type { Execute } from './execute.ts';
import type { ImagesBuildOptions, ImagesOptions } from './images-build.ts';
import { collect } from './option-parsers.ts';

/** Adds the group to `program`. */
export function declareImageCommands(program: Command, host: CliHost, execute: Execute): void {
  const images = program
    .command('images')
    .helpCommand(false)
    .description('the images of tekton-dag: list, build');
  addChoice(images.command('list'))
    .description('list the images of the matrix; nothing is made')
    .action((_options: unknown, command: Command) =>
      execute(async () =>
        (await import('./images-list.ts')).imagesList(host, command.optsWithGlobals<ImagesOptions>()),
      ),
    );
  addChoice(images.command('build'))
    .addOption(
      new Option('--engine <name>', 'program that makes images; default: the first that is there').choices(
        ENGINE_NAMES,
      ),
    )
    .option('--push', 'push to --registry; images that it has are left out')
    .option('--force', 'make them though the registry has them')
    .description('make images with buildah, podman or docker')
    .action((_options: unknown, command: Command) =>
      execute(async () =>
        (await import('./images-build.ts')).imagesBuild(host, command.optsWithGlobals<ImagesBuildOptions>()),
      ),
    );
}

function addChoice(command: Command): Command {
  return command
    .option('--matrix <file>', 'the images and their variants', 'images/matrix.yaml')
    .option('--registry <host/path>', "where the images go; default: the matrix's")
    .option('--only <name...>', 'these images alone')
    .option('--tool <name...>', 'the same, by the tool of a build image: node, maven, ...')
    .option('--variant <tag...>', 'these variants alone')
    .option('--build-arg <name=value>', 'argument of the Dockerfiles; repeatable', collect)
    .option('--base <name=image>', 'image that takes the place of a base; repeatable', collect)
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(['json', 'yaml']));
}
