/** Step prepare-continue: takes over plan and images of a failed run, and says where the new run begins. */
import { writeFile } from 'node:fs/promises';
import { restartPartOf, RUN_RECORD_KEYS, type Images } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { renderRunRecord } from '../kubernetes/render-run-record.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { createRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { recordProvenance } from '../prepare/record-provenance.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { keepImages } from './keep-images.ts';
import { readFailedRun, type FailedRunRecord } from './read-failed-run.ts';
import { takeOverPlan } from './take-over-plan.ts';

const envSchema = z.object({
  ...runEnv,
  RUN_UID: field.text,
  CONTINUE_FROM: field.objectName,
  INTERCEPT_BACKEND: field.optionalText,
  RESTART_AT_RESULT: field.text,
  INTERCEPT_BACKEND_RESULT: field.text,
  PLATFORM_REVISION_RESULT: field.optionalText,
});

const isStored =
  (context: StepContext) =>
  async ({ image, digest }: Images[string]): Promise<boolean> => {
    const { client, repository } = await openRegistry(context, image);
    return (await client.getManifest(repository, digest)) !== undefined;
  };

const describe = (context: StepContext, { plan }: FailedRunRecord, kept: Images): void => {
  for (const { app, revision } of plan.buildApps) {
    const image = kept[app];
    say(
      context,
      image === undefined ? `${app}: to build at ${revision}` : `${app}: kept ${image.image}@${image.digest}`,
    );
  }
  if (plan.session !== undefined) say(context, `session ${plan.session} (${plan.headerName})`);
};

/** Writes the run record with `plan.json`, `images.json`, `continued.json` and `provenance.json`, and the results. */
export const prepareContinue = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await withKubeClient(context, async (client) => {
    const failed = await readFailedRun(client, { namespace: env.RUN_NAMESPACE, name: env.CONTINUE_FROM });
    const plan = takeOverPlan(failed.plan, {
      runName: env.RUN_NAME,
      interceptBackend: env.INTERCEPT_BACKEND,
    });
    const images = await keepImages(plan, failed.images, isStored(context));
    const { restartAt: begunAt = 'build' } = failed.continued ?? {};
    const restartAt = restartPartOf({ run: failed.run, plan, images, restartAt: begunAt });
    describe(context, failed, images);
    const parts = {
      ...(await recordProvenance(client, env, failed.provenance?.platform)),
      [RUN_RECORD_KEYS.images]: JSON.stringify(images),
      [RUN_RECORD_KEYS.continued]: JSON.stringify({ from: env.CONTINUE_FROM, restartAt }),
    };
    await createRunRecord(client, renderRunRecord(env, { mode: 'continue', plan, parts }));
    await writeFile(env.RESTART_AT_RESULT, restartAt);
    await writeFile(env.INTERCEPT_BACKEND_RESULT, plan.interceptBackend);
    say(context, `continues ${env.CONTINUE_FROM} at ${restartAt}`);
  });
};
