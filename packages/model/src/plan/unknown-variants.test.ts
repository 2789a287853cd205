import { describe, expect, it } from 'vitest';
import type { App, Build } from '../stack/stack.ts';
import { unknownVariants } from './unknown-variants.ts';

function app(build: Partial<Build>): App {
  return {
    name: 'web',
    repo: 'acme/web',
    role: 'frontend',
    propagationRole: 'originator',
    containerPort: 8080,
    servicePort: 80,
    contextDir: '.',
    dockerfile: 'Dockerfile',
    build: { tool: 'npm', runtime: 'custom', env: {}, ...build },
    downstream: [],
    tests: {},
  };
}

describe('unknownVariants', () => {
  it('names the versions that there are', () => {
    expect(unknownVariants([app({ nodeVersion: '19' })], {})).toEqual([
      {
        reason: 'unknown-variant',
        app: 'web',
        message: 'web: build.node-version "19" has no image; tekton-dag-build-node has 18, 20, 22, 24',
        hint: 'use one of these, or name an image of your own in compile-image-npm',
      },
    ]);
  });

  it('takes the versions of the images, the default, and apps that compile nothing', () => {
    const apps = [
      app({ nodeVersion: '18' }),
      app({}),
      app({ tool: 'pip', pythonVersion: '3.10' }),
      app({ tool: 'none', javaVersion: '8' }),
      app({ tool: 'npm', javaVersion: '8' }),
    ];
    expect(unknownVariants(apps, {})).toEqual([]);
  });

  it('takes any version for an image of the user', () => {
    const apps = [app({ nodeVersion: '19' })];
    expect(unknownVariants(apps, { compileImages: { npm: 'own/node:19' } })).toEqual([]);
    expect(unknownVariants(apps, { compileImages: { npm: '' } })).toHaveLength(1);
  });
});
