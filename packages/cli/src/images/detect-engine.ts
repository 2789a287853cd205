/** detectEngine: the first program on this machine that can make images. */

import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import { ENGINE_NAMES, type EngineName } from './engine.ts';
import type { RunEngine } from './run-engine.ts';

/** A docker without its daemon is of no use; asking for `info` tells. */
const PROBES: Readonly<Record<EngineName, readonly string[]>> = {
  buildah: ['--version'],
  podman: ['--version'],
  docker: ['info'],
};

/** The wanted one, or the first that answers. Throws CliFailure when there is none. */
export async function detectEngine(run: RunEngine, wanted?: EngineName): Promise<EngineName> {
  for (const engine of wanted === undefined ? ENGINE_NAMES : [wanted])
    if ((await run(engine, PROBES[engine], { quiet: true })).code === 0) return engine;
  throw wanted === undefined
    ? new CliFailure(
        EXIT.runFailed,
        'no program that makes images is here',
        `install one of: ${ENGINE_NAMES.join(', ')}; docker needs its daemon running`,
      )
    : new CliFailure(
        EXIT.runFailed,
        `${wanted} cannot be used`,
        wanted === 'docker' ? 'does `docker info` answer?' : `is ${wanted} installed and on the PATH?`,
      );
}
