/** parseStack: a stack file's text to a Stack. */

import type { Diagnostic } from '../diagnostic.ts';
import { parseFile } from '../file/parse-file.ts';
import { present } from '../present.ts';
import { ok, type Result } from '../result.ts';
import { checkStack } from './check-stack.ts';
import { type AppFile, type BuildFile, type StackFile, stackFileSchema } from './stack-file-schema.ts';
import type { App, Build, PropagationRole, Stack } from './stack.ts';

/** `file` is the name that diagnostics bear. The error holds every problem of the file, in its order. */
export function parseStack(text: string, file: string): Result<Stack, Diagnostic[]> {
  const parsed = parseFile(text, file, stackFileSchema, checkStack);
  return parsed.ok ? ok(toStack(parsed.value)) : parsed;
}

function toStack({ name, description, propagation = {}, defaults = {}, apps }: StackFile): Stack {
  const resolved: Stack['defaults'] = {
    ...present({ namespace: defaults.namespace }),
    servicePort: Number(defaults['service-port'] ?? 80),
    containerPort: Number(defaults['container-port'] ?? 8080),
  };
  return {
    name,
    ...present({ description }),
    propagation: {
      headerName: propagation['header-name'] ?? 'x-dev-session',
      baggageKey: propagation['baggage-key'] ?? 'dev-session',
    },
    defaults: resolved,
    apps: apps.map((app) => toApp(app, resolved)),
  };
}

function toApp(app: AppFile, defaults: Stack['defaults']): App {
  return {
    name: app.name,
    repo: app.repo,
    role: app.role,
    propagationRole: app['propagation-role'] ?? inferredRole(app),
    ...toPlace(app, defaults),
    contextDir: app['context-dir'] ?? '.',
    dockerfile: app.dockerfile ?? 'Dockerfile',
    build: toBuild(app.build ?? {}),
    ...present({ env: app.env, paths: app.paths, runAsUser: app['run-as-user'] }),
    downstream: app.downstream ?? [],
    tests: app.tests ?? {},
  };
}

function toPlace(app: AppFile, defaults: Stack['defaults']) {
  return {
    ...present({ namespace: app.namespace ?? defaults.namespace }),
    containerPort: Number(app['container-port'] ?? defaults.containerPort),
    servicePort: Number(app['service-port'] ?? defaults.servicePort),
  };
}

function inferredRole(app: AppFile): PropagationRole {
  if (app.downstream === undefined || app.downstream.length === 0) return 'terminal';
  return app.role === 'frontend' ? 'originator' : 'forwarder';
}

function toBuild(build: BuildFile): Build {
  return {
    tool: build.tool ?? 'none',
    runtime: build.runtime ?? 'custom',
    ...present({
      buildCommand: build['build-command'],
      preCommand: build['pre-command'],
      postCommand: build['post-command'],
      javaVersion: build['java-version'],
      nodeVersion: build['node-version'],
      pythonVersion: build['python-version'],
      phpVersion: build['php-version'],
    }),
    env: { ...build.env, ...build.legacy },
  };
}
