import { describe, expect, it } from 'vitest';
import { restartPartOf } from './restart-part.ts';

const IMAGE = {
  image: 'registry.example/api',
  digest: `sha256:${'0'.repeat(64)}`,
  contentKey: 'key',
  reused: false,
};

const runThatReached = (...tasks: string[]) => ({
  status: { childReferences: tasks.map((task) => ({ name: `run-${task}`, pipelineTaskName: task })) },
});
const plan = { buildApps: [{ app: 'api', contentKey: 'key' }] };
const images = { api: IMAGE };

describe('restartPartOf', () => {
  it.each([
    ['build', ['prepare', 'build', 'cleanup']],
    ['build', ['prepare', 'build', 'hook-post-build', 'cleanup']],
    ['deploy', ['prepare', 'build', 'deploy-intercepts-gateway', 'cleanup']],
    ['deploy', ['prepare', 'build', 'deploy-stack-intercepts', 'hook-pre-test', 'cleanup']],
    ['test', ['prepare', 'build', 'deploy-intercepts-gateway', 'test', 'cleanup']],
    ['test', ['prepare', 'deploy-intercepts-gateway', 'test', 'hook-post-test']],
    ['build', []],
  ])('is %s after %j', (part, tasks) => {
    expect(restartPartOf({ run: runThatReached(...tasks), plan, images })).toBe(part);
  });

  it('is the build whenever an image is missing or of other content', () => {
    const run = runThatReached('build', 'deploy-intercepts-gateway', 'test');
    expect(restartPartOf({ run, plan, images: {} })).toBe('build');
    expect(restartPartOf({ run, plan, images: { api: { ...IMAGE, contentKey: 'other' } } })).toBe('build');
    expect(restartPartOf({ run, plan, images: {}, restartAt: 'test' })).toBe('build');
  });

  it('does not go back behind where the failed run began', () => {
    expect(restartPartOf({ run: runThatReached('prepare'), plan, images, restartAt: 'test' })).toBe('test');
    const run = runThatReached('prepare', 'deploy-intercepts-gateway', 'test');
    expect(restartPartOf({ run, plan, images, restartAt: 'deploy' })).toBe('test');
  });
});
