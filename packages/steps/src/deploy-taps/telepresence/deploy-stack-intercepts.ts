/** Step deploy-stack-intercepts: intercepts by taps that Telepresence feeds. */
import { z } from 'zod';
import { field } from '../../field.ts';
import { parseEnv } from '../../parse-env.ts';
import type { StepContext } from '../../step-context.ts';
import { deployTaps } from '../deploy-taps.ts';
import { createTelepresenceTool } from './create-telepresence-tool.ts';

const envSchema = z.object({
  TELEPRESENCE_IMAGE: field.text,
  TELEPRESENCE_MANAGER_NAMESPACE: z.union([z.literal(''), field.dnsLabel]).default(''),
});

export const deployStackIntercepts = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const settings = { image: env.TELEPRESENCE_IMAGE, managerNamespace: env.TELEPRESENCE_MANAGER_NAMESPACE };
  await deployTaps(context, createTelepresenceTool(settings));
};
