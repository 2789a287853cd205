import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStack, generateStack, renderStackFile } from '../testing/index.ts';
import { parseStack } from './parse-stack.ts';

const MINIMAL = `name: shop
apps:
  - name: web
    repo: acme/web
    role: frontend
    downstream: [api]
  - name: api
    repo: acme/api
    role: persistence
`;

describe('parseStack', { timeout: 30_000 }, () => {
  it('keeps the paths of an app', () => {
    const text = `${MINIMAL}    paths: ['services/api/**', '!**/*.md']\n`;
    expect(parseStack(text, 'stack.yaml')).toMatchObject({
      value: { apps: [{ name: 'web' }, { name: 'api', paths: ['services/api/**', '!**/*.md'] }] },
    });
  });

  it('fills every default in', () => {
    const stack = parseStack(MINIMAL, 'stack.yaml');
    expect(stack).toEqual({
      ok: true,
      value: {
        name: 'shop',
        propagation: { headerName: 'x-dev-session', baggageKey: 'dev-session' },
        defaults: { servicePort: 80, containerPort: 8080 },
        apps: [
          {
            name: 'web',
            repo: 'acme/web',
            role: 'frontend',
            propagationRole: 'originator',
            containerPort: 8080,
            servicePort: 80,
            contextDir: '.',
            dockerfile: 'Dockerfile',
            build: { tool: 'none', runtime: 'custom', env: {} },
            downstream: ['api'],
            tests: {},
          },
          {
            name: 'api',
            repo: 'acme/api',
            role: 'persistence',
            propagationRole: 'terminal',
            containerPort: 8080,
            servicePort: 80,
            contextDir: '.',
            dockerfile: 'Dockerfile',
            build: { tool: 'none', runtime: 'custom', env: {} },
            downstream: [],
            tests: {},
          },
        ],
      },
    });
  });

  it('resolves ports and namespace from the defaults and reads ports written as texts', () => {
    const stack = parseStack(
      `name: shop
defaults: { namespace: test, service-port: "81", container-port: 9000 }
apps:
  - { name: web, repo: acme/web, role: middleware, downstream: [api] }
  - { name: api, repo: git.example.com/acme/api, role: standalone, service-port: "65535", namespace: own }
`,
      'stack.yaml',
    );
    expect(stack).toMatchObject({
      value: {
        apps: [
          { namespace: 'test', servicePort: 81, containerPort: 9000, propagationRole: 'forwarder' },
          { namespace: 'own', servicePort: 65_535, containerPort: 9000 },
        ],
      },
    });
  });

  it('lets legacy variables win over the build variables', () => {
    const text = MINIMAL.replace(
      '    downstream: [api]',
      '    downstream: [api]\n    build: { tool: npm, env: { A: a, B: b }, legacy: { B: c } }',
    );
    expect(parseStack(text, 'stack.yaml')).toMatchObject({
      value: { apps: [{ build: { tool: 'npm', env: { A: 'a', B: 'c' } } }, {}] },
    });
  });

  it('gives back any stack that was written out, every hostile text unchanged', () => {
    fc.assert(
      fc.property(anyStack(), (stack) => {
        expect(parseStack(renderStackFile(stack), 'stack.yaml')).toEqual({ ok: true, value: stack });
      }),
      { numRuns: 50 },
    );
  });

  it('reads a stack of 1,000 apps', () => {
    const stack = generateStack({ apps: 1000 });
    expect(parseStack(renderStackFile(stack), 'stack.yaml')).toEqual({ ok: true, value: stack });
  });
});
