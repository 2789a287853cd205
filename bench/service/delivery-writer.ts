/**
 * createDeliveryWriter: signed webhook requests as bytes, made in place. A load generator that shares the machine with
 * what it measures must cost little: no request is rendered twice, none is garbage afterwards.
 */

import { pullRequestPayload } from '@tekton-dag/orchestrator/testing';
import { createHmac } from 'node:crypto';

/** Ten digits, so that every number fits where it stands. */
const PLACEHOLDER = 1_234_567_890;
const FIRST_NUMBER = 1_000_000_000;
const SIGNATURE_PLACEHOLDER = '0'.repeat(64);
/** The delivery id ends with the number. */
const ID_PREFIX = '00000000-0000-4000-8000-';

export interface DeliveryWriter {
  /** Bytes of one request: head and body. */
  readonly sizeBytes: number;
  /** Writes the request of pull request `1000000000 + index` into `target`, which holds `sizeBytes`. */
  write(target: Buffer, index: number): void;
}

/** The number of the pull request with this index. */
export const pullRequestNumber = (index: number): number => FIRST_NUMBER + index;

/** `path` is that of the webhook; the payload is GitHub's own example of an opened pull request, some 21 KB. */
export function createDeliveryWriter(path: string, secret: string): DeliveryWriter {
  const body = Buffer.from(JSON.stringify(pullRequestPayload({ number: PLACEHOLDER })));
  const head = Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: application/json',
      'User-Agent: GitHub-Hookshot/044aadd',
      'X-GitHub-Event: pull_request',
      `X-GitHub-Delivery: ${ID_PREFIX}00${PLACEHOLDER}`,
      `X-Hub-Signature-256: sha256=${SIGNATURE_PLACEHOLDER}`,
      `Content-Length: ${body.length}`,
      '',
      '',
    ].join('\r\n'),
  );
  const template = Buffer.concat([head, body]);
  const numbersAt = findAll(template, String(PLACEHOLDER));
  const signatureAt = template.indexOf(SIGNATURE_PLACEHOLDER);
  return {
    sizeBytes: template.length,
    write: (target, index) => {
      template.copy(target);
      const digits = String(pullRequestNumber(index));
      for (const at of numbersAt) target.write(digits, at, 'latin1');
      const signed = createHmac('sha256', secret).update(target.subarray(head.length, template.length));
      target.write(signed.digest('hex'), signatureAt, 'latin1');
    },
  };
}

function findAll(haystack: Buffer, needle: string): readonly number[] {
  const found: number[] = [];
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) found.push(at);
  return found;
}
