import { describe, expect, it } from 'vitest';
import { parseOrchestratorConfig } from './orchestrator-config.ts';

const files: Record<string, string> = {
  '/s/webhook': 'the first webhook secret\n',
  '/s/next': 'the second webhook secret',
  '/s/token': 'the token of the api',
  '/s/short': 'short',
  '/s/store': 'postgres://u:hunter2@db/x',
};
const required = {
  TEKTON_DAG_WEBHOOK_SECRET_FILE: '/s/webhook',
  TEKTON_DAG_API_TOKEN_FILE: '/s/token',
};

function parse(env: Record<string, string>) {
  return parseOrchestratorConfig(env, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('there is no such file'), { code: 'ENOENT' });
    return text;
  });
}

describe('parseOrchestratorConfig', () => {
  it('fills in what may be left out', () => {
    const config = parse(required);
    expect(config).toMatchObject({
      ok: true,
      value: {
        listenHost: '127.0.0.1',
        listenPort: 8080,
        platformDir: '.',
        teamsDir: './teams',
        maxBodyBytes: 26_214_400,
        defaultNamespace: 'staging',
      },
    });
    if (config.ok)
      expect(config.value.webhookSecrets.map((secret) => secret.reveal())).toEqual([
        'the first webhook secret',
      ]);
  });

  it('takes a catalog by repository and commit, and neither alone', () => {
    const [url, revision] = ['https://github.com/acme/tekton-dag', 'a'.repeat(40)];
    const settings = { TEKTON_DAG_CATALOG_URL: url, TEKTON_DAG_CATALOG_REVISION: revision };
    expect(parse({ ...required, ...settings })).toMatchObject({ value: { catalog: { url, revision } } });
    expect(parse(required)).toMatchObject({ value: { catalog: undefined } });
    expect(parse({ ...required, TEKTON_DAG_CATALOG_URL: url })).toMatchObject({
      error: [{ key: 'TEKTON_DAG_CATALOG_REVISION', message: 'a catalog needs both its URL and its commit' }],
    });
    expect(parse({ ...required, ...settings, TEKTON_DAG_CATALOG_REVISION: 'main' })).toMatchObject({
      error: [{ message: 'the commit of the catalog must have 40 hexadecimal digits' }],
    });
  });

  it('takes two webhook secrets and the store URL from files', () => {
    const config = parse({
      ...required,
      TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE: '/s/next',
      TEKTON_DAG_STORE_URL_FILE: '/s/store',
    });
    if (!config.ok) throw new Error('the settings are good');
    expect(config.value.webhookSecrets).toHaveLength(2);
    expect(config.value.storeUrl.reveal()).toBe('postgres://u:hunter2@db/x');
    expect(JSON.stringify(config.value)).not.toMatch(/webhook secret|hunter2|token of/);
  });

  it('takes one webhook secret while the file of the second is not there', () => {
    const settings = { ...required, TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE: '/s/absent' };
    const config = parse(settings);
    if (!config.ok) throw new Error('the settings are good');
    expect(config.value.webhookSecrets).toHaveLength(1);
    const absentFirst = parse({ ...required, TEKTON_DAG_WEBHOOK_SECRET_FILE: '/s/absent' });
    expect(absentFirst).toMatchObject({ ok: false, error: [{ key: 'TEKTON_DAG_WEBHOOK_SECRET_FILE' }] });
  });

  it.each([
    ['TEKTON_DAG_LEASE_NAME', 'Shop', 'must be the name of a Lease: small letters, digits, - and .'],
    [
      'TEKTON_DAG_LEASE_NAME',
      'shop/orchestrator',
      'must be the name of a Lease: small letters, digits, - and .',
    ],
    ['TEKTON_DAG_REPORT_NAME', '--><script>', 'must be 2 to 100 letters, digits, blanks and . _ / -'],
    ['TEKTON_DAG_REPORT_NAME', 'a -- b', 'must be 2 to 100 letters, digits, blanks and . _ / -'],
    ['TEKTON_DAG_REPORT_NAME', 'x'.repeat(101), 'must be 2 to 100 letters, digits, blanks and . _ / -'],
  ])('refuses %s=%s', (key, value, message) => {
    expect(parse({ ...required, [key]: value })).toEqual({ ok: false, error: [{ key, message }] });
  });

  it('takes names of a Lease and of reports, and how long to drain', () => {
    const settings = {
      ...required,
      TEKTON_DAG_LEASE_NAME: 'tekton-dag-shop',
      TEKTON_DAG_REPORT_NAME: 'tekton-dag/shop',
      TEKTON_DAG_DRAIN_SECONDS: '10',
    };
    const value = { leaseName: 'tekton-dag-shop', reportName: 'tekton-dag/shop', drainMs: 10_000 };
    expect(parse(settings)).toMatchObject({ ok: true, value });
  });

  it('tells all problems of the settings at once', () => {
    const config = parse({
      TEKTON_DAG_LISTEN_PORT: '99999',
      TEKTON_DAG_LISTN_PORT: '1',
      TEKTON_DAG_LOG_LEVEL: 'loud',
    });
    if (config.ok) throw new Error('the settings are bad');
    expect(config.error.map(({ key }) => key).sort()).toEqual([
      'TEKTON_DAG_API_TOKEN_FILE',
      'TEKTON_DAG_LISTEN_PORT',
      'TEKTON_DAG_LISTN_PORT',
      'TEKTON_DAG_LOG_LEVEL',
      'TEKTON_DAG_WEBHOOK_SECRET_FILE',
    ]);
  });

  it('refuses secrets that are missing or too short, without repeating them', () => {
    const config = parse({
      TEKTON_DAG_WEBHOOK_SECRET_FILE: '/s/short',
      TEKTON_DAG_API_TOKEN_FILE: '/s/none',
    });
    if (config.ok) throw new Error('the secrets are bad');
    expect(config.error.map(({ key }) => key)).toEqual([
      'TEKTON_DAG_API_TOKEN_FILE',
      'TEKTON_DAG_WEBHOOK_SECRET_FILE',
    ]);
    expect(JSON.stringify(config.error)).not.toContain(files['/s/short'] + '"');
  });

  it('leaves alone what Kubernetes tells of Services, and what is empty', () => {
    const config = parse({
      ...required,
      TEKTON_DAG_ORCHESTRATOR_SERVICE_HOST: '10.0.0.1',
      TEKTON_DAG_ORCHESTRATOR_SERVICE_PORT: '80',
      TEKTON_DAG_ORCHESTRATOR_SERVICE_PORT_HTTP: '80',
      TEKTON_DAG_ORCHESTRATOR_PORT: 'tcp://10.0.0.1:80',
      TEKTON_DAG_ORCHESTRATOR_PORT_80_TCP_ADDR: '10.0.0.1',
      TEKTON_DAG_CONTAINER_ID: 'x',
      TEKTON_DAG_IMAGE: '',
      OTHER: 'x',
    });
    expect(config.ok).toBe(true);
  });

  it('needs no secret without a name where there is a directory of named ones', () => {
    const { TEKTON_DAG_WEBHOOK_SECRET_FILE: _unnamed, ...rest } = required;
    expect(parse({ ...rest, TEKTON_DAG_WEBHOOK_SECRETS_DIR: '/s/webhooks' })).toMatchObject({
      ok: true,
      value: { webhookSecrets: [], webhookSecretsDir: '/s/webhooks' },
    });
  });

  it('reads the forges, and tells every problem of the file and of the credentials', () => {
    files['/s/forges'] = '- { host: github.com, kind: github, tokenFile: /s/token }';
    expect(parse({ ...required, TEKTON_DAG_FORGES_FILE: '/s/forges' })).toMatchObject({
      ok: true,
      value: { forges: [{ host: 'github.com', webhooks: [] }] },
    });
    files['/s/forges'] = '- { host: github.com, kind: github, tokenFile: token }';
    expect(parse({ ...required, TEKTON_DAG_FORGES_FILE: '/s/forges' })).toMatchObject({
      ok: true,
      value: { forges: [{ tokenFile: '/s/token' }] },
    });
    files['/s/forges'] = '- { host: github.com, kind: github, tokenFile: /s/none }';
    const missing = parse({ ...required, TEKTON_DAG_FORGES_FILE: '/s/forges' });
    expect(missing).toMatchObject({ ok: false, error: [{ key: 'TEKTON_DAG_FORGES_FILE' }] });
    files['/s/forges'] = '- { host: github.com, kind: git }\n- { host: g, kind: gitea, tokenFile: 7 }';
    const broken = parse({ ...required, TEKTON_DAG_FORGES_FILE: '/s/forges' });
    if (broken.ok) throw new Error('the file is bad');
    expect(broken.error.map(({ message }) => message.split(':').slice(0, 2).join(':'))).toEqual([
      '/s/forges:1',
      '/s/forges:2',
    ]);
  });
});
