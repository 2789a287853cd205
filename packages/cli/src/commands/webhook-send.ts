/** webhookSend: a signed delivery, as GitHub makes it (GitHub docs, "Validating webhook deliveries"). */

import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { sendRequest } from '../orchestrator/send-request.ts';

export interface WebhookSendOptions {
  readonly url: URL;
  readonly secretFile: string;
  readonly payload: string;
  readonly event: string;
  readonly delivery?: string;
}

/** Sends the payload's exact bytes; prints the answer's body. Exit code 3 for a refusal, 4 for no answer or a fault. */
export async function webhookSend(host: CliHost, options: WebhookSendOptions): Promise<number> {
  const secret = (await readBytes(host, options.secretFile)).toString('utf8').trim();
  const payload = await readBytes(host, options.payload);
  const delivery = options.delivery ?? randomUUID();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/tekton-dag',
    'x-github-event': options.event,
    'x-github-delivery': delivery,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
  };
  const answer = await sendRequest(host, options.url, {
    method: 'POST',
    headers,
    body: new Uint8Array(payload),
  });
  const text = await answer.text();
  host.stderr.write(`${answer.status} for delivery ${delivery}\n`);
  host.stdout.write(text === '' ? '' : `${text.trimEnd()}\n`);
  if (answer.status < 400) return EXIT.ok;
  return answer.status < 500 ? EXIT.invalidInput : EXIT.unreachable;
}

async function readBytes(host: CliHost, file: string): Promise<Buffer> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : resolve(host.cwd, file));
  } catch {
    throw new CliFailure(EXIT.invalidInput, `cannot read ${file}`);
  }
}
