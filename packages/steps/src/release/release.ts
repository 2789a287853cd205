/** Step release: the version commit, then the version tags, by digest. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseImages, RUN_RECORD_KEYS, type Images, type Release } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit } from '../git/git.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { readPlan, readRunRecordPart, writeRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { pushVersionCommit, type PushedVersions } from './push-version-commit.ts';
import { tagRelease } from './tag-release.ts';

const envSchema = z.object({
  ...runEnv,
  GIT_URL: field.text.regex(/^(?!-)[^\p{Cc}]+$/u, 'must be a git URL'),
  GIT_REVISION: field.revision,
  VERSIONS_FILE: field.repositoryPath,
  VERSION_OVERRIDES: field.json(z.record(z.string(), z.string())).default({}),
  SSH_KEY_PATH: field.optionalText,
});

const tagAll = async (context: StepContext, images: Images, pushed: PushedVersions): Promise<Release> => {
  const apps: Release['apps'] = {};
  for (const { app, released, next } of pushed.releases) {
    const image = images[app];
    if (image === undefined)
      throw new StepFailure(`images.json has no image of ${app}`, { code: 'RUN_RECORD_INCOMPLETE' });
    await tagRelease(context, { image: image.image, digest: image.digest, version: released });
    say(context, `${app}: released ${released} as ${image.image}:v${released}, next is ${next}`);
    apps[app] = { released, next, image: image.image, digest: image.digest };
  }
  return pushed.commit === undefined ? { apps } : { commit: pushed.commit, apps };
};

/** Writes `release.json`. A second attempt releases nothing twice. */
export const release = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  const scratch = await mkdtemp(join(tmpdir(), 'release-'));
  try {
    await withKubeClient(context, async (client) => {
      const plan = await readPlan(client, run);
      const images = await readRunRecordPart(client, run, {
        key: RUN_RECORD_KEYS.images,
        parse: parseImages,
      });
      await using gitEnvironment = await openGitEnvironment(context.env, env.SSH_KEY_PATH);
      const pushed = await pushVersionCommit({
        git: createGit(gitEnvironment.variables, context.signal),
        url: env.GIT_URL,
        revision: env.GIT_REVISION,
        versionsFile: env.VERSIONS_FILE,
        builds: plan.buildApps,
        overrides: env.VERSION_OVERRIDES,
        directory: join(scratch, 'platform'),
      });
      if (pushed.commit !== undefined) say(context, `version commit ${pushed.commit}`);
      const released = await tagAll(context, images, pushed);
      await writeRunRecord(client, run, { [RUN_RECORD_KEYS.release]: JSON.stringify(released) });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
