/** Stand-in for mirrord: `mirrord exec -f FILE -- COMMAND`, with its configuration; an agent of its own steals by a Service. */

import { mirrordConfigSchema } from '@tekton-dag/steps/testing';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { steal } from './steal.ts';

/** What of mirrord's configuration the stand-in can do; the rest has to be well-formed. */
const standInSchema = z.object({
  target: z.object({ path: z.string().startsWith('deployment/'), namespace: z.string() }),
  agent: z.object({
    namespace: z.string(),
    labels: z.record(z.string(), z.string()),
    image: z.string().optional(),
  }),
  feature: z.object({
    network: z.object({
      incoming: z.object({
        mode: z.literal('steal'),
        port_mapping: z.tuple([z.tuple([z.number(), z.number()])]),
        http_filter: z.object({ any_of: z.array(z.object({ header: z.string() })) }),
      }),
    }),
  }),
});

function readConfig(path: string): z.infer<typeof standInSchema> {
  return standInSchema.parse(mirrordConfigSchema.parse(JSON.parse(readFileSync(path, 'utf8'))));
}

async function main([verb, ...argv]: readonly string[]): Promise<number> {
  if (verb !== 'exec') throw new Error(`unknown command ${verb ?? ''}`);
  const end = argv.indexOf('--');
  const options = { 'config-file': { type: 'string', short: 'f' } } as const;
  const { values } = parseArgs({ args: argv.slice(0, end), options });
  const { target, agent, feature } = readConfig(values['config-file'] ?? '');
  const {
    port_mapping: [[local, remote]],
    http_filter: filter,
  } = feature.network.incoming;
  return await steal({
    namespace: target.namespace,
    deployment: target.path.replace(/^deployment\//, ''),
    port: remote,
    clientPort: local,
    headerLines: filter.any_of.map(({ header }) => header),
    command: argv.slice(end + 1),
    agent: { namespace: agent.namespace, labels: agent.labels, image: agent.image },
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`mirrord: ${String(error)}\n`);
    process.exit(1);
  },
);
