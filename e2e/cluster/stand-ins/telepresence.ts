/** Stand-in for Telepresence: `connect ... -- COMMAND` and `intercept NAME ... -- COMMAND`, with the flags of OSS 2.25. */

import { createKubeClient, kinds, loadKubeConfig } from '@tekton-dag/kube';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { steal } from './steal.ts';

const text = { type: 'string' } as const;
const CONNECT = { namespace: text, 'mapped-namespaces': text, 'manager-namespace': text };

/** The connection that `intercept` uses is known to the process that runs while connected. */
const CONNECTED_NAMESPACE = 'STAND_IN_NAMESPACE';

async function connectAndRun(
  argv: readonly string[],
  [program = '', ...args]: readonly string[],
): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: CONNECT });
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: { ...process.env, [CONNECTED_NAMESPACE]: values.namespace ?? 'default' },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

async function containerPort(namespace: string, service: string, identifier: string): Promise<number> {
  const config = await loadKubeConfig({ env: process.env, homeDir: '/tmp' });
  if (!config.ok) throw new Error(config.error.message);
  await using client = createKubeClient(config.value);
  const found = await client.resource(kinds.services, namespace).get(service);
  const port = found?.spec?.ports?.find(
    ({ name, port: number }) => name === identifier || String(number) === identifier,
  );
  return Number(port?.targetPort ?? 0);
}

async function interceptAndRun(argv: readonly string[], command: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { workload: text, service: text, port: text, mount: text, 'http-header': text },
  });
  const namespace = process.env[CONNECTED_NAMESPACE];
  if (namespace === undefined) throw new Error('not connected');
  const { workload = '', service = '', port = '', 'http-header': header = '' } = values;
  const [local = '', identifier = ''] = port.split(':');
  const [name = '', value = ''] = header.split('=');
  return await steal({
    namespace,
    deployment: workload,
    port: await containerPort(namespace, service, identifier),
    clientPort: Number(local),
    headerLines: [`^${name}: ${value}$`],
    command,
    agent: { namespace, labels: {}, image: undefined },
  });
}

async function main([verb, ...argv]: readonly string[]): Promise<number> {
  const end = argv.indexOf('--');
  const flags = argv.slice(0, end);
  const command = argv.slice(end + 1);
  if (verb === 'connect') return await connectAndRun(flags, command);
  if (verb === 'intercept') return await interceptAndRun(flags, command);
  throw new Error(`unknown command ${verb ?? ''}`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`telepresence: ${String(error)}\n`);
    process.exit(1);
  },
);
