/** Bearer tokens: one administrator's, kept in a file, and one per service account, derived from a key in the same file. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writePrivateFile } from '../../write-private-file.ts';

/** Who a request comes from, as Kubernetes names users. */
export interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
}

export interface Authenticator {
  readonly adminToken: string;
  serviceAccountToken(namespace: string, name: string): string;
  /** Undefined for a token that is not one of ours. */
  identify(token: string): Identity | undefined;
}

const ADMIN: Identity = { username: 'tekton-dag-admin', groups: ['system:masters', 'system:authenticated'] };

const secretOf = (file: string): string => {
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (known !== '') return known;
  const secret = randomBytes(32).toString('base64url');
  writePrivateFile(file, `${secret}\n`);
  return secret;
};

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const accountIdentity = (namespace: string, name: string): Identity => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

/** Reads the key from `file`, or makes it, readable by its owner alone. */
export const createAuthenticator = (file: string): Authenticator => {
  const secret = secretOf(file);
  const sign = (subject: string): string => createHmac('sha256', secret).update(subject).digest('base64url');
  const adminToken = sign('admin');
  const serviceAccountToken = (namespace: string, name: string): string => {
    const subject = `${namespace}/${name}`;
    return `${Buffer.from(subject).toString('base64url')}.${sign(`serviceaccount:${subject}`)}`;
  };
  return {
    adminToken,
    serviceAccountToken,
    identify: (token) => {
      if (isSame(token, adminToken)) return ADMIN;
      const [namespace = '', name = '', ...more] = Buffer.from(token.split('.')[0] ?? '', 'base64url')
        .toString()
        .split('/');
      if (namespace === '' || name === '' || more.length > 0) return undefined;
      return isSame(token, serviceAccountToken(namespace, name))
        ? accountIdentity(namespace, name)
        : undefined;
    },
  };
};
