import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateKeyName } from './private-key-name.ts';

const field = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};
const openssh = (cipher: string, algorithm: string): string => {
  const parts = [Buffer.from('openssh-key-v1\0'), field(cipher), field('none'), field(''), field(algorithm)];
  const body = Buffer.concat(parts).toString('base64');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
};

describe('privateKeyName', () => {
  it('goes by the algorithm that the key names', () => {
    expect(privateKeyName(openssh('none', 'ssh-ed25519'))).toEqual({ ok: true, value: 'id_ed25519' });
    expect(privateKeyName(openssh('none', 'ssh-rsa'))).toEqual({ ok: true, value: 'id_rsa' });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(privateKeyName(pem)).toEqual({ ok: true, value: 'id_rsa' });
  });

  it.each([
    ['a key with a passphrase', openssh('aes256-ctr', 'ssh-ed25519'), 'has a passphrase'],
    ['a key of another kind', openssh('none', 'ecdsa-sha2-nistp256'), 'is neither an Ed25519 nor an RSA key'],
    ['a public key', 'ssh-ed25519 AAAAC3Nz me@here', 'is no SSH private key'],
    ['a key that is cut off', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END', 'is no SSH private key'],
    ['nothing', '', 'is no SSH private key'],
  ])('refuses %s', (_title, text, error) => {
    expect(privateKeyName(text)).toEqual({ ok: false, error });
  });
});
