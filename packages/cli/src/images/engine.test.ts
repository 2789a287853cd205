import { describe, expect, it } from 'vitest';
import { buildCommand, pushCommand, type BuildOrder } from './engine.ts';

const ORDER: BuildOrder = {
  references: ['localhost:5000/a:1', 'localhost:5000/a:latest'],
  dockerfile: '/repo/Dockerfile',
  context: '/repo/dir',
  args: { BASE: 'node:24', NOTE: 'a b' },
  labels: { title: 'A' },
  plainHttp: false,
};

describe('buildCommand', () => {
  it('gives buildah and podman the same words', () => {
    const words = [
      'build',
      '--layers',
      '--file',
      '/repo/Dockerfile',
      '--build-arg',
      'BASE=node:24',
      '--build-arg',
      'NOTE=a b',
      '--label',
      'title=A',
      '--tag',
      'localhost:5000/a:1',
      '--tag',
      'localhost:5000/a:latest',
      '/repo/dir',
    ];
    expect(buildCommand('buildah', ORDER)).toEqual(words);
    expect(buildCommand('podman', ORDER)).toEqual(words);
    expect(buildCommand('docker', ORDER)).toEqual(words.filter((word) => word !== '--layers'));
  });

  it('sets the times of all files when it is told one', () => {
    const timed = { ...ORDER, timestampSeconds: 1_700_000_000 };
    expect(buildCommand('buildah', timed)).toContain('--timestamp');
    expect(buildCommand('docker', timed)).toContain('SOURCE_DATE_EPOCH=1700000000');
  });

  it('speaks plain HTTP only where that was said', () => {
    expect(buildCommand('buildah', ORDER)).not.toContain('--tls-verify=false');
    expect(buildCommand('buildah', { ...ORDER, plainHttp: true })).toContain('--tls-verify=false');
    expect(buildCommand('docker', { ...ORDER, plainHttp: true })).not.toContain('--tls-verify=false');
  });
});

describe('pushCommand', () => {
  it('asks for the digest where the engine can write it down', () => {
    const order = { reference: 'localhost:5000/a:1', digestFile: '/tmp/d', plainHttp: true };
    expect(pushCommand('buildah', order)).toEqual([
      'push',
      '--tls-verify=false',
      '--digestfile',
      '/tmp/d',
      'localhost:5000/a:1',
      'docker://localhost:5000/a:1',
    ]);
    expect(pushCommand('docker', order)).toEqual(['push', 'localhost:5000/a:1']);
  });
});
