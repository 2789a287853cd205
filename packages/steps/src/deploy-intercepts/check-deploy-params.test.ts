import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { interceptInputOf } from '../deploy-taps/testing/intercept-input.ts';
import { checkDeployParams, deployParamsEnv } from './check-deploy-params.ts';

const digest = `sha256:${'d'.repeat(64)}`;
const images = { api: { image: 'registry.example/api', digest, contentKey: 'k', reused: false } };
const check = (env: Readonly<Record<string, string>>): void => {
  const { plan } = interceptInputOf({});
  checkDeployParams(z.object(deployParamsEnv).parse(env), plan, images);
};

describe('checkDeployParams', () => {
  it('takes nothing for an answer', () => {
    const empty = ['STACK_JSON', 'BUILD_APPS', 'PROPAGATION_CHAIN', 'BUILT_IMAGES', 'INTERCEPT_HEADER_VALUE'];
    expect(() => check({})).not.toThrow();
    expect(() => check(Object.fromEntries(empty.map((name) => [name, ''])))).not.toThrow();
  });

  it('takes what agrees with the run record', () => {
    const agreeing = {
      STACK_JSON: '{"name":"shop","apps":[{"name":"api","repo":"acme/api"}]}',
      PROPAGATION_CHAIN: 'api',
      BUILT_IMAGES: JSON.stringify({ api: `registry.example/api:run@${digest}` }),
      INTERCEPT_HEADER_VALUE: 'X-Dev-Session: pr-4-abcdef',
      DEFAULT_NAMESPACE: 'staging',
    };
    expect(() => check(agreeing)).not.toThrow();
  });

  it.each([
    [{ STACK_JSON: '{"name":"other","apps":[]}' }, 'stack-json is of stack other'],
    [{ BUILD_APPS: 'api' }, 'build-apps is "api"'],
    [{ PROPAGATION_CHAIN: 'api,web' }, 'propagation-chain is "api web"'],
    [{ BUILT_IMAGES: `{"api":"registry.example/evil@${digest}"}` }, 'built-images has registry.example/evil'],
    [{ BUILT_IMAGES: '{"web":"registry.example/web"}' }, 'for web, the run built no image'],
    [{ INTERCEPT_HEADER_VALUE: 'x-dev-session: pr-42-abcdef' }, 'intercept-header-value'],
    [{ DEFAULT_NAMESPACE: 'production' }, 'default-namespace is production'],
  ])('refuses %j and says what the run record has', (env, message) => {
    expect(() => check(env)).toThrow(message);
  });
});
