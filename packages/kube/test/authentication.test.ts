import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeConfig } from '../src/index.ts';
import { createCertificate } from '../src/testing/create-certificate.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A temp directory that goes when the test ends. */
async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'kube-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function listen(server: Server): Promise<{ port: number } & AsyncDisposable> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const sayAuthorization = (request: IncomingMessage, response: ServerResponse): void => {
  response.end(request.headers.authorization ?? 'none');
};

function configOf(port: number, credentials: KubeConfig['credentials']): KubeConfig {
  return {
    server: `http://127.0.0.1:${port}`,
    namespace: 'default',
    contextName: 'test',
    insecureSkipTlsVerify: false,
    credentials,
    source: 'test',
  };
}

describe('TLS', () => {
  const server = createCertificate('api');
  const user = createCertificate('alice');
  const httpsServer = (): Server =>
    createServer(
      { cert: server.certificatePem, key: server.keyPem, ca: user.certificatePem, requestCert: true },
      (request, response) => {
        response.end(
          request.socket instanceof TLSSocket ? request.socket.getPeerCertificate().subject.CN : '',
        );
      },
    );

  it('trusts the authority of the kubeconfig and shows the client certificate', async () => {
    await using directory = await temporaryDirectory();
    await using api = await listen(httpsServer());
    const path = join(directory.path, 'config');
    const kubeconfig = {
      'current-context': 'c',
      clusters: [
        {
          name: 'k',
          cluster: {
            server: `https://127.0.0.1:${api.port}/`,
            'certificate-authority-data': base64(server.certificatePem),
          },
        },
      ],
      users: [
        {
          name: 'u',
          user: {
            'client-certificate-data': base64(user.certificatePem),
            'client-key-data': base64(user.keyPem),
          },
        },
      ],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'ns' } }],
    };
    await writeFile(path, JSON.stringify(kubeconfig));
    const config = await loadKubeConfig({ env: { KUBECONFIG: path }, homeDir: '/nowhere' });
    if (!config.ok) throw new Error(config.error.message);
    await using client = createKubeClient(config.value);
    expect(client.defaultNamespace).toBe('ns');
    expect(await client.getText('/')).toBe('alice');
  });

  it('refuses a server that the authority did not sign', async () => {
    await using api = await listen(httpsServer());
    const config = { ...configOf(api.port, {}), server: `https://127.0.0.1:${api.port}` };
    await using client = createKubeClient({ ...config, certificateAuthorityPem: user.certificatePem });
    await expect(client.getText('/')).rejects.toMatchObject({ name: 'KubeUnreachableError' });
  });
});

describe('credentials', () => {
  it('reads a token file again after a 401 and repeats the request', async () => {
    await using directory = await temporaryDirectory();
    const tokenFile = join(directory.path, 'token');
    await writeFile(tokenFile, 'old\n');
    const seen: (string | undefined)[] = [];
    await using api = await listen(
      createHttpServer((request, response) => {
        seen.push(request.headers.authorization);
        response.statusCode = request.headers.authorization === 'Bearer new' ? 200 : 401;
        response.end('{}');
      }),
    );
    await using client = createKubeClient(configOf(api.port, { tokenFile }));
    await expect(client.getText('/')).rejects.toMatchObject({ status: 401, reason: 'Unauthorized' });
    await writeFile(tokenFile, 'new\n');
    expect(await client.getText('/')).toBe('{}');
    expect(seen).toEqual(['Bearer old', 'Bearer old', 'Bearer old', 'Bearer new']);
  });

  it('asks an exec plugin once, without a shell, and uses its token', async () => {
    await using directory = await temporaryDirectory();
    const plugin = join(directory.path, 'plugin.js');
    const counter = join(directory.path, 'count');
    await writeFile(
      plugin,
      `require('fs').appendFileSync(${JSON.stringify(counter)}, 'x');
       const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
       const token = [process.argv[2], process.env.EXTRA, info.kind].join('|');
       console.log(JSON.stringify({ kind: 'ExecCredential', status: { token } }));`,
    );
    await using api = await listen(createHttpServer(sayAuthorization));
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [plugin, '$(id) "quoted"'],
      env: [{ name: 'EXTRA', value: 'extra' }],
      provideClusterInfo: false,
    };
    await using client = createKubeClient(configOf(api.port, { exec }));
    const answers = await Promise.all([client.getText('/'), client.getText('/'), client.getText('/')]);
    expect(new Set(answers)).toEqual(new Set(['Bearer $(id) "quoted"|extra|ExecCredential']));
  });

  it('names a missing exec plugin and its install hint', async () => {
    await using api = await listen(createHttpServer(sayAuthorization));
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-plugin',
      args: [],
      env: [],
      installHint: 'get it from acme',
      provideClusterInfo: false,
    };
    await using client = createKubeClient(configOf(api.port, { exec }));
    await expect(client.getText('/')).rejects.toThrow(
      'the credential plugin no-such-plugin was not found: get it from acme',
    );
  });

  it('sends user name and password as basic authentication', async () => {
    await using api = await listen(createHttpServer(sayAuthorization));
    const basic = { username: 'u', password: 'p:ä' };
    await using client = createKubeClient(configOf(api.port, { basic }));
    expect(await client.getText('/')).toBe(`Basic ${base64('u:p:ä')}`);
  });
});
