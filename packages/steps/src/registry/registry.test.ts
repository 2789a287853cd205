import { describe, expect, it } from 'vitest';
import { explainRefusal } from './explain-refusal.ts';
import { isPlainHttp } from './is-plain-http.ts';
import { mirrorCandidates } from './mirror-candidates.ts';
import { parseImageReference } from './parse-image-reference.ts';
import { parseDockerConfig } from './registry-credentials.ts';
import { retryDelayMs } from './retry-delay.ts';
import { parseChallenge } from './parse-challenge.ts';

describe('parseImageReference', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['localhost:5000/team/web', 'localhost:5000', 'team/web', 'latest'],
    ['ghcr.io/acme/web:v1', 'ghcr.io', 'acme/web', 'v1'],
    ['node:24-slim', 'registry-1.docker.io', 'library/node', '24-slim'],
    ['docker.io/acme/x', 'registry-1.docker.io', 'acme/x', 'latest'],
    [`ghcr.io/acme/web:v1@${digest}`, 'ghcr.io', 'acme/web', digest],
  ])('reads %s', (text, registry, repository, reference) =>
    expect(parseImageReference(text)).toEqual({ ok: true, value: { registry, repository, reference } }),
  );
  it.each(['', 'ghcr.io/UPPER/x', 'ghcr.io/a b', 'ghcr.io/x:$(id)', 'evil.example/../v2', 'x@sha256:12'])(
    'refuses %j',
    (text) => expect(parseImageReference(text).ok).toBe(false),
  );
});

describe('isPlainHttp', () => {
  it.each([
    ['localhost:5000', undefined, true],
    ['127.3.2.1:5000', '', true],
    ['registry.example:5000', '', false],
    ['localhost.example', '', false],
    ['registry.example:5000', 'a.example, registry.example:5000', true],
    ['registry.example:5000', 'a.example registry.example:5000', true],
    ['registry.example:5000', 'registry.example', false],
    ['registry.example', ',,', false],
  ])('%s with %j: %s', (registry, insecure, expected) =>
    expect(isPlainHttp(registry, insecure)).toBe(expected),
  );
});

describe('parseChallenge', () => {
  it.each([
    ['Bearer realm="https://auth.example/token",service="r"', 'bearer', 'https://auth.example/token', 'r'],
    ['Basic realm="registry"', 'basic', 'registry', undefined],
    ['', '', '', undefined],
  ])('reads %s', (header, scheme, realm, service) =>
    expect(parseChallenge(header)).toEqual({ scheme, realm, service }),
  );
});

describe('retryDelayMs', () => {
  it.each([
    [429, 1, '2', 2000],
    [429, 1, '3600', undefined],
    [429, 1, 'soon', 500],
    [503, 3, '', 2000],
    [503, 4, '', undefined],
    [500, 1, '', undefined],
    [404, 1, '', undefined],
  ])('HTTP %i at attempt %i with Retry-After %j: %j', (status, attempt, retryAfter, expected) =>
    expect(retryDelayMs(status, { attempt, retryAfter })).toBe(expected),
  );
});

describe('explainRefusal', () => {
  const refusal = { registry: 'r.example', what: 'tag acme/web:v1', body: '' };
  it.each([
    [401, 'REGISTRY_DENIED'],
    [403, 'REGISTRY_DENIED'],
    [404, 'REGISTRY_NO_REPOSITORY'],
    [429, 'REGISTRY_BUSY'],
    [500, 'REGISTRY_FAILED'],
    [400, 'REGISTRY_REFUSED'],
  ])('HTTP %i is %s', (status, code) => {
    const failure = explainRefusal({ ...refusal, status });
    expect(failure).toMatchObject({
      code,
      message: `registry r.example refused tag acme/web:v1: HTTP ${status}`,
    });
    expect(failure.hint).not.toBe('');
  });

  it("repeats the registry's own reason, in one line", () => {
    const body = '{"errors":[{"code":"NAME_UNKNOWN","message":"no\\nsuch name"}]}';
    expect(explainRefusal({ ...refusal, status: 404, body }).message).toMatch(/: NAME_UNKNOWN no such name$/);
    expect(explainRefusal({ ...refusal, status: 500, body: '<html>\n oops' }).message).toMatch(
      /: <html> oops$/,
    );
  });
});

describe('parseDockerConfig', () => {
  it('finds credentials by host, whatever form the key has', () => {
    const find = parseDockerConfig(
      JSON.stringify({
        auths: {
          'https://index.docker.io/v1/': { auth: 'YTpi' },
          'ghcr.io': { username: 'a', password: 'b' },
        },
      }),
    );
    expect(find('registry-1.docker.io')).toBe('YTpi');
    expect(find('ghcr.io')).toBe('YTpi');
    expect(find('other.example')).toBeUndefined();
  });
});

describe('mirrorCandidates', () => {
  const mirrors = { 'docker.io': 'm.example/hub', 'ghcr.io': 'm.example:5000' };
  it.each([
    ['node:24', ['m.example/hub/library/node:24', 'node:24']],
    ['acme/web', ['m.example/hub/acme/web', 'acme/web']],
    ['docker.io/library/node', ['m.example/hub/library/node', 'docker.io/library/node']],
    ['ghcr.io/acme/web@sha256:1', ['m.example:5000/acme/web@sha256:1', 'ghcr.io/acme/web@sha256:1']],
    ['quay.io/acme/web', ['quay.io/acme/web']],
    ['localhost/web', ['localhost/web']],
  ])('asks for %s at %j', (image, expected) => expect(mirrorCandidates(image, mirrors)).toEqual(expected));
});
