/** The certificate that the API serves with, made once and kept in the state directory. */

import { existsSync, readFileSync } from 'node:fs';
import { writePrivateFile } from '../../write-private-file.ts';

export interface ServingCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

const YEARS = 10;

const make = async (): Promise<ServingCertificate> => {
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS);
  const pems = await generate([{ name: 'commonName', value: 'tekton-dag-local' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
};

/** Reads `<directory>/apiserver.{key,crt}`, or makes them, readable by their owner alone. */
export const loadServingCertificate = async (directory: string): Promise<ServingCertificate> => {
  const [keyFile, certFile] = [`${directory}/apiserver.key`, `${directory}/apiserver.crt`];
  if (existsSync(keyFile) && existsSync(certFile)) {
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
  }
  const made = await make();
  writePrivateFile(keyFile, made.key);
  writePrivateFile(certFile, made.cert);
  return made;
};
