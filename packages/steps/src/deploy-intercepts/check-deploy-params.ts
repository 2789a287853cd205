/** Compares what a caller says about a deployment with the run record, which decides; pure. */
import type { Images, Plan } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { EXIT, StepFailure } from '../step-failure.ts';
import { sessionOfPlan } from '../traffic/session-headers.ts';

const textMap = z.record(z.string(), z.string());
const stackText = z.looseObject({ name: z.string(), apps: z.array(z.looseObject({ name: z.string() })) });
const orEmpty = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('').transform(() => undefined), field.json(schema)]).optional();
const names = field.optionalText.transform((text) => text.split(/[\s,]+/).filter((name) => name !== ''));

/** Params that say again what the run record knows; empty ones say nothing. */
export const deployParamsEnv = {
  STACK_JSON: orEmpty(stackText),
  BUILD_APPS: names,
  PROPAGATION_CHAIN: names,
  BUILT_IMAGES: orEmpty(textMap),
  INTERCEPT_HEADER_VALUE: field.optionalText,
  DEFAULT_NAMESPACE: z.union([z.literal(''), field.dnsLabel]).default(''),
};
const deployParamsSchema = z.object(deployParamsEnv);
export type DeployParams = z.infer<typeof deployParamsSchema>;

const describeNames = (list: readonly string[]): string => list.join(' ');

const differentNames = (param: string, given: readonly string[], known: readonly string[]): string[] => {
  const isSame = given.length === known.length && given.every((name) => known.includes(name));
  if (given.length === 0 || isSame) return [];
  return [`${param} is "${describeNames(given)}", the run's plan says "${describeNames(known)}"`];
};

const differentStack = ({ STACK_JSON: stack }: DeployParams, { stackSpec }: Plan): string[] => {
  if (stack === undefined) return [];
  const isOther = stack.name !== stackSpec.name;
  if (isOther) return [`stack-json is of stack ${stack.name}, the run's plan is of ${stackSpec.name}`];
  const known = stackSpec.apps.map(({ name }) => name);
  return differentNames(
    'stack-json',
    stack.apps.map(({ name }) => name),
    known,
  );
};

const differentImages = ({ BUILT_IMAGES: given = {} }: DeployParams, images: Images): string[] =>
  Object.entries(given).flatMap(([app, text]) => {
    const known = images[app];
    const [repository = ''] = text.split('@');
    const digest = text.includes('@') ? text.slice(repository.length + 1) : known?.digest;
    const withoutTag = repository.replace(/:[^/:]+$/, '');
    if (known !== undefined && withoutTag === known.image && digest === known.digest) return [];
    const expected = known === undefined ? 'no image' : `${known.image}@${known.digest}`;
    return [`built-images has ${text} for ${app}, the run built ${expected}`];
  });

const differentHeader = ({ INTERCEPT_HEADER_VALUE: given }: DeployParams, plan: Plan): string[] => {
  const known = `${plan.headerName}: ${sessionOfPlan(plan)}`;
  const isSame =
    given === '' || given.replace(/^([^:\s]+):\s*/, (_, name) => `${String(name).toLowerCase()}: `) === known;
  return isSame ? [] : [`intercept-header-value is "${given}", the run's session is "${known}"`];
};

const differentNamespace = ({ DEFAULT_NAMESPACE: given }: DeployParams, plan: Plan): string[] => {
  const open = plan.stackSpec.apps.filter(({ namespace }) => namespace === undefined);
  const other = open.find(({ name }) => plan.namespaces[name] !== given);
  if (given === '' || other === undefined) return [];
  return [
    `default-namespace is ${given}, the run's plan has ${other.name} in ${plan.namespaces[other.name] ?? ''}`,
  ];
};

/** Throws DEPLOY_PARAMS_DIFFER with every difference. */
export const checkDeployParams = (params: DeployParams, plan: Plan, images: Images): void => {
  const built = plan.buildApps.map(({ app }) => app);
  const problems = [
    ...differentStack(params, plan),
    ...differentNames('build-apps', params.BUILD_APPS, built),
    ...differentNames('propagation-chain', params.PROPAGATION_CHAIN, plan.chain),
    ...differentImages(params, images),
    ...differentHeader(params, plan),
    ...differentNamespace(params, plan),
  ];
  if (problems.length === 0) return;
  throw new StepFailure(problems.join('; '), {
    code: 'DEPLOY_PARAMS_DIFFER',
    hint: 'leave the param empty: the run record says it',
    exitCode: EXIT.invalidInput,
  });
};
