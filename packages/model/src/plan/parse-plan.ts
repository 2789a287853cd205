/** parsePlan: the text of `plan.json` to a Plan. */

import { z } from 'zod';
import { parseJson, type RecordFailure } from '../run/parse-json.ts';
import type { Result } from '../result.ts';
import { BUILD_TOOLS, PROPAGATION_ROLES, ROLES } from '../stack/stack.ts';
import { INTERCEPT_BACKENDS } from '../team/team.ts';
import { IMAGE_BUILDERS, type Plan, PLAN_MODES } from './plan.ts';

const name = z.string().min(1);
const names = z.array(name);
const texts = z.record(z.string(), z.string());

const build = z.strictObject({
  tool: z.enum(BUILD_TOOLS),
  runtime: z.string(),
  buildCommand: z.string().exactOptional(),
  preCommand: z.string().exactOptional(),
  postCommand: z.string().exactOptional(),
  javaVersion: z.string().exactOptional(),
  nodeVersion: z.string().exactOptional(),
  pythonVersion: z.string().exactOptional(),
  phpVersion: z.string().exactOptional(),
  env: texts,
});

const tests = z.strictObject({
  postman: z.string().exactOptional(),
  playwright: z.string().exactOptional(),
  artillery: z.string().exactOptional(),
  command: z.array(z.string()).exactOptional(),
  optional: z.boolean().exactOptional(),
});

const app = z.strictObject({
  name,
  repo: name,
  role: z.enum(ROLES),
  propagationRole: z.enum(PROPAGATION_ROLES),
  namespace: name.exactOptional(),
  containerPort: z.int(),
  servicePort: z.int(),
  contextDir: name,
  dockerfile: name,
  build,
  env: texts.exactOptional(),
  runAsUser: z.int().exactOptional(),
  downstream: names,
  tests,
});

const stack = z.strictObject({
  name,
  description: z.string().exactOptional(),
  propagation: z.strictObject({ headerName: name, baggageKey: name }),
  defaults: z.strictObject({ namespace: name.exactOptional(), servicePort: z.int(), containerPort: z.int() }),
  apps: z.array(app),
});

const plannedBuild = z.strictObject({
  app: name,
  repository: name,
  revision: name,
  tree: name,
  contentKey: name,
  image: name,
  tags: names,
  tool: z.enum(BUILD_TOOLS),
  compileImage: name.exactOptional(),
  contextDir: name,
  dockerfile: name,
  builder: z.enum(IMAGE_BUILDERS),
  build,
});

const plannedTest = z.strictObject({
  app: name,
  repository: name,
  revision: name,
  contextDir: name,
  entry: z.boolean(),
  tests,
});

const planSchema: z.ZodType<Plan> = z.strictObject({
  mode: z.enum(PLAN_MODES),
  team: name,
  stack: name,
  stackSpec: stack,
  session: name.exactOptional(),
  pullRequest: z.int().exactOptional(),
  repository: name.exactOptional(),
  headerName: name,
  baggageKey: name,
  order: names,
  entries: names,
  chain: names,
  changedApps: names,
  buildApps: z.array(plannedBuild),
  requiredEdges: z.array(z.strictObject({ caller: name, callee: name })),
  requiredForwarders: names,
  versions: texts,
  namespaces: texts,
  interceptBackend: z.enum(INTERCEPT_BACKENDS),
  maxParallelBuilds: z.int(),
  forceRebuild: z.boolean(),
  tests: z.array(plannedTest),
});

/** Reads what `JSON.stringify(plan)` wrote. */
export function parsePlan(text: string): Result<Plan, RecordFailure> {
  return parseJson(text, planSchema);
}
