import { describe, expect, it } from 'vitest';
import { compileImageOf, imagesBeside } from './image-names.ts';

describe('compileImageOf', () => {
  it('honours the version asked for and the override', () => {
    const build = { runtime: 'custom', env: {} };
    expect(compileImageOf({ ...build, tool: 'maven', javaVersion: '17' })).toBe(
      'ghcr.io/tekton-dag/tekton-dag-build-maven:java17',
    );
    expect(compileImageOf({ ...build, tool: 'gradle' })).toBe(
      'ghcr.io/tekton-dag/tekton-dag-build-gradle:java21',
    );
    expect(compileImageOf({ ...build, tool: 'pip', pythonVersion: '3.11' })).toBe(
      'ghcr.io/tekton-dag/tekton-dag-build-python:python311',
    );
    expect(
      compileImageOf(
        { ...build, tool: 'composer' },
        { overrides: { composer: '' }, registry: 'registry.example/images' },
      ),
    ).toBe('registry.example/images/tekton-dag-build-php:php83');
    expect(compileImageOf({ ...build, tool: 'npm' }, { overrides: { npm: 'own/node:1' } })).toBe(
      'own/node:1',
    );
    expect(compileImageOf({ ...build, tool: 'none' })).toBeUndefined();
  });
});

describe('imagesBeside', () => {
  it('finds where our images lie from the name of the program', () => {
    expect(imagesBeside('ghcr.io/tekton-dag/tekton-dag:0.1.0')).toBe('ghcr.io/tekton-dag');
    expect(imagesBeside('localhost:5000/tekton-dag')).toBe('localhost:5000');
    expect(imagesBeside(`registry.example:5000/a/tekton-dag:1@sha256:${'0'.repeat(64)}`)).toBe(
      'registry.example:5000/a',
    );
  });

  it('knows nothing of an image with a name of its own', () => {
    expect(['', 'tekton-dag:1', 'acme/builder:1', 'acme/not-tekton-dag:1'].map(imagesBeside)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });
});
