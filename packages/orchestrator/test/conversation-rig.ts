/** A rig with a forge beside it: pull requests of acme/demo-api, what is said on them, and what they show. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { eventually } from './eventually.ts';
import { NAMESPACE, startRig, type Answer, type Rig, type RigOptions } from './orchestrator-rig.ts';
import {
  commentPayload,
  createFakeApp,
  pullRequestPayload,
  startFakeGitHub,
  type FakeForge,
  type PullRequestFields,
  type WorldCheck,
} from '../src/testing/index.ts';

export const REPOSITORY = 'acme/demo-api';
export const MAINTAINER = 'maintainer';

export interface ConversationRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly forge: FakeForge;
  /** The forge has it, and tells the orchestrator. */
  openPullRequest(fields: PullRequestFields & { readonly number: number }): Promise<Answer>;
  /** Somebody writes a comment. */
  say(number: number, author: string, body: string): Promise<Answer>;
  /** The newest check of a commit, as people see it; undefined: none. */
  checkOf(headSha: string): WorldCheck | undefined;
  /** The text of the only comment; undefined: none. */
  commentOn(number: number): string | undefined;
  /** Runs of a pull request that exist, by name. */
  runsOf(number: number): Promise<readonly PipelineRun[]>;
  /** The run ends, and leaves its record. */
  finish(name: string, status: 'True' | 'False', record: Readonly<Record<string, string>>): Promise<void>;
}

export async function startConversationRig(options: RigOptions = {}): Promise<ConversationRig> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-conversation-'));
  const { app, privateKey } = createFakeApp();
  const forge = await startFakeGitHub({ app });
  const [privateKeyFile, forgesFile] = [join(directory, 'app.pem'), join(directory, 'forges.yaml')];
  await writeFile(privateKeyFile, privateKey);
  await writeFile(forgesFile, JSON.stringify([{ ...forge.entry, app: { id: app.id, privateKeyFile } }]));
  forge.world.setPermission(REPOSITORY, MAINTAINER, 'write');
  const env = {
    TEKTON_DAG_FORGES_FILE: forgesFile,
    TEKTON_DAG_PUBLIC_URL: 'https://dag.example.com/',
    ...options.env,
  };
  const rig = await startRig({ ...options, env });
  let said = 0;
  const runsOf = async (number: number): Promise<readonly PipelineRun[]> =>
    (await rig.runs()).filter(
      ({ metadata }) => metadata.labels?.['tekton-dag.io/pull-request'] === String(number),
    );
  return {
    rig,
    forge,
    openPullRequest: (fields) => openPullRequest(rig, forge, fields),
    say: (number, author, body) => {
      said += 1;
      const updatedAt = new Date(Date.UTC(2026, 0, 3) + said * 1_000).toISOString();
      const payload = commentPayload({ repository: REPOSITORY, number, author, body, id: said, updatedAt });
      return rig.deliver(payload, { event: 'issue_comment' });
    },
    checkOf: (headSha) => forge.world.checksOf(headSha).at(-1),
    commentOn: (number) => {
      const comments = forge.world.commentsOf(REPOSITORY, number);
      if (comments.length > 1) throw new Error('there is more than one comment');
      return comments[0]?.body;
    },
    runsOf,
    finish: async (name, status, data) => {
      await eventually(async () => (await findRun(rig, name)) !== undefined).toBe(true);
      await rig.client
        .resource(kinds.configmaps, NAMESPACE)
        .create({ metadata: { name }, data: { ...data } });
      await rig.endRun(name, status, status === 'True' ? 'Succeeded' : 'Failed');
    },
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      await forge[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

async function findRun(rig: Rig, name: string): Promise<PipelineRun | undefined> {
  return (await rig.runs()).find(({ metadata }) => metadata.name === name);
}

async function openPullRequest(
  rig: Rig,
  forge: FakeForge,
  fields: PullRequestFields & { readonly number: number },
): Promise<Answer> {
  const { number, headSha, headRepository, author, title, draft, updatedAt } = fields;
  forge.world.putPullRequest({
    repository: REPOSITORY,
    number,
    ...(headSha === undefined ? {} : { headSha }),
    ...(headRepository === undefined ? {} : { headRepository }),
    ...(author === undefined ? {} : { author }),
    ...(title === undefined ? {} : { title }),
    ...(draft === undefined ? {} : { draft }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  });
  return rig.deliver(pullRequestPayload({ repository: REPOSITORY, ...fields }));
}
