/** sendDeliveries: signed webhooks at a rate, each over a connection of its own, as GitHub sends them. */

import { pullRequestPayload, signDelivery } from '@tekton-dag/orchestrator/testing';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** As long as GitHub waits for an answer. */
const ANSWER_TIMEOUT_MS = 10_000;

export interface DeliveryLoad {
  readonly url: string;
  readonly secret: string;
  readonly repository: string;
  readonly ratePerS: number;
  /** No more than these, whatever happens. */
  readonly most: number;
  /** Ends the load; what is under way is waited for. */
  readonly signal: AbortSignal;
}

export interface SentDelivery {
  readonly id: string;
  /** Of its pull request; each delivery has another. */
  readonly number: number;
  readonly payload: object;
  /** 0: no answer. */
  readonly status: number;
  readonly latencyMs: number;
  /** When it was sent, milliseconds after the first. */
  readonly sentAtMs: number;
}

export const isAccepted = ({ status }: Pick<SentDelivery, 'status'>): boolean =>
  status >= 200 && status < 300;

/** Resolves when every answer is there, in the order of sending. */
export async function sendDeliveries(load: DeliveryLoad): Promise<readonly SentDelivery[]> {
  const agent = new Agent({ keepAlive: false });
  const startedAt = performance.now();
  const sent: Promise<SentDelivery>[] = [];
  while (sent.length < load.most && !load.signal.aborted) {
    sent.push(sendOne(load, agent, { number: sent.length + 1, startedAt }));
    const dueInMs = startedAt + (sent.length * 1_000) / load.ratePerS - performance.now();
    if (dueInMs > 0) await sleep(dueInMs);
  }
  return await Promise.all(sent);
}

interface Numbered {
  readonly number: number;
  readonly startedAt: number;
}

async function sendOne(
  { url, secret, repository }: DeliveryLoad,
  agent: Agent,
  { number, startedAt }: Numbered,
): Promise<SentDelivery> {
  const headSha = number.toString(16).padStart(40, '0');
  const payload = pullRequestPayload({ number, repository, headSha });
  const { id, headers, body } = signDelivery(payload, { secret });
  const sentAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const options = { method: 'POST', agent, headers: { ...headers, 'content-length': body.length }, signal };
  const sending = request(`${url}/webhook/github`, options, (answer) => {
    answer.on('error', () => resolve(0)).on('end', () => resolve(answer.statusCode ?? 0));
    answer.resume();
  });
  sending.on('error', () => resolve(0)).end(body);
  const status = await promise;
  const latencyMs = performance.now() - sentAt;
  return { id, number, payload, status, latencyMs, sentAtMs: sentAt - startedAt };
}
