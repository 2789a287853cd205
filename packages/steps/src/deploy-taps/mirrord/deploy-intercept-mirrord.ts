/** Step deploy-intercept-mirrord: intercepts by taps that mirrord feeds. */
import { z } from 'zod';
import { field } from '../../field.ts';
import { parseEnv } from '../../parse-env.ts';
import type { StepContext } from '../../step-context.ts';
import { deployTaps } from '../deploy-taps.ts';
import { createMirrordTool } from './create-mirrord-tool.ts';

const envSchema = z.object({ MIRRORD_IMAGE: field.text, MIRRORD_AGENT_IMAGE: field.optionalText });

export const deployInterceptMirrord = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await deployTaps(
    context,
    createMirrordTool({ image: env.MIRRORD_IMAGE, agentImage: env.MIRRORD_AGENT_IMAGE }),
  );
};
