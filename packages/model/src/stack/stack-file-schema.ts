/** stackFileSchema: the form of a stack file; its JSON Schema is published as stacks/schema.json. */

import { z } from 'zod';
import { text } from '../file/formats.ts';
import { BUILD_TOOLS, PROPAGATION_ROLES, ROLES } from './stack.ts';

/** A number, or a text of digits; what is out of range is no port in either form. */
const port = z.union([z.int().min(1).max(65_535), text('port')]).describe('A port from 1 to 65535.');
const MAX_USER_ID = 2_147_483_647;
const some = z.string().min(1);
const env = z.record(text('envName'), z.string());

const build = z
  .strictObject({
    tool: z.enum(BUILD_TOOLS).exactOptional().describe('The program that builds; default none.'),
    runtime: some.exactOptional().describe("A variant of the tool's default build; default custom."),
    'build-command': some.exactOptional().describe("Replaces the tool's default build; run by a shell."),
    'pre-command': some.exactOptional().describe('Run by a shell before the build.'),
    'post-command': some.exactOptional().describe('Run by a shell after the build.'),
    'java-version': text('languageVersion').exactOptional(),
    'node-version': text('languageVersion').exactOptional(),
    'python-version': text('languageVersion').exactOptional(),
    'php-version': text('languageVersion').exactOptional(),
    env: env.exactOptional().describe('Variables of the build.'),
    legacy: env.exactOptional().describe('Variables of the build that win over env.'),
  })
  .describe('How the app is compiled before its image is made.');

const tests = z
  .strictObject({
    postman: text('path').exactOptional().describe('A Postman collection.'),
    playwright: text('path').exactOptional().describe('A directory of Playwright tests.'),
    artillery: text('path').exactOptional().describe('An Artillery script.'),
    command: z.array(z.string()).min(1).exactOptional().describe('Any command, as an argument list.'),
    optional: z.boolean().exactOptional().describe('A missing file is a skip and not a failure.'),
  })
  .describe("What tests the app; paths are relative to the app's context directory.");

const app = z
  .strictObject({
    name: text('appName').describe('Name of Deployment, Service and image; unique in the stack.'),
    repo: text('repository').describe('owner/name or host/owner/name.'),
    role: z.enum(ROLES),
    'propagation-role': z
      .enum(PROPAGATION_ROLES)
      .exactOptional()
      .describe('Default: terminal without downstream, originator for a frontend, else forwarder.'),
    namespace: text('label').exactOptional(),
    'container-port': port.exactOptional(),
    'service-port': port.exactOptional(),
    'context-dir': text('path').exactOptional().describe('The directory that is built; default ".".'),
    paths: z
      .array(text('pathPattern'))
      .min(1)
      .max(100)
      .exactOptional()
      .describe('Files of the repository that change the app, such as services/web/**; default all.'),
    dockerfile: text('path')
      .exactOptional()
      .describe('Relative to the context directory; default Dockerfile.'),
    build: build.exactOptional(),
    env: env.exactOptional().describe("Variables of the app's container."),
    'run-as-user': z
      .int()
      .min(0)
      .max(MAX_USER_ID)
      .exactOptional()
      .describe(
        "User id of the app's process; default 65532. 0 is root, which Pod Security `restricted` refuses.",
      ),
    downstream: z.array(text('appName')).exactOptional().describe('Apps that this app calls.'),
    tests: tests.exactOptional(),
  })
  .describe('One app of the stack.');

/** Kebab-case keys as users write them; unknown keys are refused. */
export const stackFileSchema = z
  .strictObject({
    name: text('label').describe('The id of the stack.'),
    description: z.string().exactOptional(),
    propagation: z
      .strictObject({
        'header-name': text('headerName').exactOptional().describe('Default x-dev-session.'),
        'baggage-key': text('baggageKey').exactOptional().describe('Default dev-session.'),
      })
      .exactOptional()
      .describe('How the session travels.'),
    defaults: z
      .strictObject({
        namespace: text('label').exactOptional(),
        'service-port': port.exactOptional().describe('Default 80.'),
        'container-port': port.exactOptional().describe('Default 8080.'),
      })
      .exactOptional(),
    apps: z.array(app).min(1),
  })
  .describe('A stack of tekton-dag: apps that call each other.');

export type StackFile = z.output<typeof stackFileSchema>;
export type AppFile = z.output<typeof app>;
export type BuildFile = z.output<typeof build>;
