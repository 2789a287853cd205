/** Stand-in for mirrord: `mirrord exec -f FILE -- COMMAND`, with its configuration; an agent of its own steals by a Service. */

import { mirrordConfigSchema } from '@tekton-dag/steps/testing';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { steal } from './steal.ts';

async function main([verb, ...argv]: readonly string[]): Promise<number> {
  if (verb !== 'exec') throw new Error(`unknown command ${verb ?? ''}`);
  const end = argv.indexOf('--');
  const { values } = parseArgs({
    args: argv.slice(0, end),
    options: { 'config-file': { type: 'string', short: 'f' } },
  });
  const config = mirrordConfigSchema.parse(JSON.parse(readFileSync(values['config-file'] ?? '', 'utf8')));
  const { target, agent, feature } = config;
  const incoming = feature?.network?.incoming;
  if (incoming?.mode !== 'steal') throw new Error('the stand-in steals only');
  const [[local, remote] = [0, 0]] = incoming.port_mapping ?? [];
  const namespace = target.namespace ?? 'default';
  return await steal({
    namespace,
    deployment: target.path.replace(/^deployment\//, ''),
    port: remote,
    clientPort: local,
    headerLines: (incoming.http_filter?.any_of ?? []).flatMap((filter) =>
      'header' in filter ? [filter.header] : [],
    ),
    command: argv.slice(end + 1),
    agent: { namespace: agent?.namespace ?? namespace, labels: agent?.labels ?? {}, image: agent?.image },
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`mirrord: ${String(error)}\n`);
    process.exit(1);
  },
);
