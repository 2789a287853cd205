/** mirrord as the tool of a tap: an agent of its own beside the app's pod steals; the tap needs no privilege. */
import { TAP_DIRECTORY } from '../tap-names.ts';
import type { TapTool } from '../tap-tool.ts';
import { renderMirrordConfig } from './render-mirrord-config.ts';

const CONFIG_FILE = 'mirrord.json';

/** `agentImage` empty: the one that mirrord itself takes. */
export const createMirrordTool = (settings: { image: string; agentImage: string }): TapTool => ({
  name: 'mirrord',
  image: settings.image,
  files: (input) => ({ [CONFIG_FILE]: JSON.stringify(renderMirrordConfig(input, settings.agentImage)) }),
  command: (_, tap) => ['mirrord', 'exec', '-f', `${TAP_DIRECTORY}/${CONFIG_FILE}`, '--', ...tap],
  privileges: { runAsRoot: false, capabilities: [], devices: [] },
});
