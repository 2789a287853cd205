/** privateKeyName: under which name an SSH private key stands in the secret; runs read two kinds. Pure. */

import { err, ok, type Result } from '@tekton-dag/model';

/** The names that the steps look for, by the algorithm that the key itself names. */
const NAMES: readonly (readonly [algorithm: string, name: string])[] = [
  ['ssh-ed25519', 'id_ed25519'],
  ['ssh-rsa', 'id_rsa'],
];
const MAGIC = 'openssh-key-v1\0';

/** The error says what is wrong with the text; it never repeats it. Format: openssh-portable, PROTOCOL.key. */
export function privateKeyName(text: string): Result<string, string> {
  if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----')) {
    return text.includes('ENCRYPTED') ? err('has a passphrase') : ok('id_rsa');
  }
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END/.exec(text)?.[1];
  if (body === undefined) return err('is no SSH private key');
  return nameOf(Buffer.from(body, 'base64'));
}

function nameOf(bytes: Buffer): Result<string, string> {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return err('is no SSH private key');
  if (readString(bytes, MAGIC.length) !== 'none') return err('has a passphrase');
  const found = NAMES.find(([algorithm]) => bytes.includes(lengthPrefixed(algorithm)));
  return found === undefined ? err('is neither an Ed25519 nor an RSA key') : ok(found[1]);
}

function readString(bytes: Buffer, offset: number): string {
  if (bytes.length < offset + 4) return '';
  return bytes.toString('latin1', offset + 4, offset + 4 + bytes.readUInt32BE(offset));
}

function lengthPrefixed(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}
