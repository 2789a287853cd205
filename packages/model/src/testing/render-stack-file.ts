/** renderStackFile: a Stack as the YAML a user would write, for tests that go through the parser. */

import { stringify } from 'yaml';
import { present } from '../present.ts';
import type { App, Build, Stack } from '../stack/stack.ts';

/** `parseStack(renderStackFile(stack), file)` gives the stack back. */
export function renderStackFile({ name, description, propagation, defaults, apps }: Stack): string {
  return stringify({
    name,
    ...present({ description }),
    propagation: { 'header-name': propagation.headerName, 'baggage-key': propagation.baggageKey },
    defaults: {
      ...present({ namespace: defaults.namespace }),
      'service-port': defaults.servicePort,
      'container-port': defaults.containerPort,
    },
    apps: apps.map(toAppFile),
  });
}

function toAppFile({
  propagationRole,
  containerPort,
  servicePort,
  contextDir,
  build,
  runAsUser,
  ...app
}: App): object {
  return {
    ...app,
    'propagation-role': propagationRole,
    'container-port': containerPort,
    'service-port': servicePort,
    'context-dir': contextDir,
    build: toBuildFile(build),
    ...present({ 'run-as-user': runAsUser }),
  };
}

function toBuildFile(build: Build): object {
  const { tool, runtime, env } = build;
  return {
    tool,
    runtime,
    env,
    ...present({
      'build-command': build.buildCommand,
      'pre-command': build.preCommand,
      'post-command': build.postCommand,
      'java-version': build.javaVersion,
      'node-version': build.nodeVersion,
      'python-version': build.pythonVersion,
      'php-version': build.phpVersion,
    }),
  };
}
