/** createOrchestratorClient: sends signed webhooks to an orchestrator and asks its API. */

import { pullRequestPayload, signDelivery, type PullRequestFields } from '@tekton-dag/orchestrator/testing';

export interface OrchestratorAnswer {
  readonly status: number;
  readonly body: string;
}

export interface OrchestratorClient {
  /** Sends a signed pull_request delivery. */
  deliver(fields: PullRequestFields, id?: string): Promise<OrchestratorAnswer>;
  /** Asks with the token that may do everything. */
  get(path: string): Promise<OrchestratorAnswer>;
  /** Reads a stream of the API until its text matches; the text so far. */
  readStream(path: string, until: RegExp): Promise<string>;
}

export interface OrchestratorPlace {
  readonly url: string;
  readonly webhookSecret: string;
  readonly apiToken: string;
}

export function createOrchestratorClient({
  url,
  webhookSecret: secret,
  apiToken,
}: OrchestratorPlace): OrchestratorClient {
  const headers = { authorization: `Bearer ${apiToken}` };
  return {
    async deliver(fields, id) {
      const options = id === undefined ? { secret } : { secret, id };
      const signed = signDelivery(pullRequestPayload(fields), options);
      const request = { method: 'POST', headers: signed.headers, body: signed.body };
      const answer = await fetch(`${url}/webhook/github`, request);
      return { status: answer.status, body: await answer.text() };
    },
    async get(path) {
      const answer = await fetch(`${url}${path}`, { headers });
      return { status: answer.status, body: await answer.text() };
    },
    readStream: (path, until) => readStream(`${url}${path}`, headers, until),
  };
}

async function readStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  until: RegExp,
): Promise<string> {
  const stop = new AbortController();
  const answer = await fetch(url, { headers, signal: stop.signal });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (until.test(text)) break;
  }
  stop.abort();
  return text;
}
