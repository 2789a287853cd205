import type { ImageMatrix } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { planImages, type ImagePlan, type ImageRequest } from './plan-images.ts';

function image(name: string, variants: { tag: string; base: string }[], more: object = {}) {
  const [first] = variants;
  return {
    name,
    title: name,
    description: name,
    dockerfile: `${name}/Dockerfile`,
    context: name,
    default: first?.tag ?? '',
    variants,
    ...more,
  };
}

const MATRIX: ImageMatrix = {
  registry: 'registry.example/ours',
  source: 'https://git.example/ours',
  licenses: 'Apache-2.0',
  bases: { node24: 'docker.io/library/node:24', node22: 'docker.io/library/node:22' },
  images: [
    image('program', [{ tag: '1.0.0', base: 'node24' }]),
    image('node', [
      { tag: 'node24', base: 'node24' },
      { tag: 'node22', base: 'node22' },
    ]),
    image('tool', [{ tag: '2.0', base: 'program' }], { args: { VERSION: '2.0' }, requires: ['URL'] }),
  ],
};

const REQUEST: ImageRequest = { directory: '/repo/images', only: [], variants: [], args: {}, bases: {} };

function plan(change: Partial<ImageRequest> = {}): ImagePlan {
  const planned = planImages(MATRIX, { ...REQUEST, ...change });
  if (!planned.ok) throw new Error(planned.error.join('\n'));
  return planned.value;
}

function problems(change: Partial<ImageRequest>): string[] {
  const planned = planImages(MATRIX, { ...REQUEST, ...change });
  return planned.ok ? [] : planned.error;
}

describe('planImages', () => {
  it('makes every variant, the default one also as latest, and passes over what lacks an argument', () => {
    const { builds, passedOver } = plan();
    expect(builds.map(({ references }) => references)).toEqual([
      ['registry.example/ours/program:1.0.0', 'registry.example/ours/program:latest'],
      ['registry.example/ours/node:node24', 'registry.example/ours/node:latest'],
      ['registry.example/ours/node:node22'],
    ]);
    expect(passedOver).toEqual([{ name: 'tool', missing: ['URL'] }]);
  });

  it('puts an image on the one that the same plan makes', () => {
    const [program, tool] = plan({ only: ['program', 'tool'], args: { URL: 'http://a' } }).builds;
    expect(program?.base).toEqual({ kind: 'reference', reference: 'docker.io/library/node:24' });
    expect(tool?.base).toEqual({ kind: 'planned', reference: 'registry.example/ours/program:1.0.0' });
    expect(tool?.args).toEqual({ VERSION: '2.0', URL: 'http://a' });
    expect(tool?.dockerfile).toBe('/repo/images/tool/Dockerfile');
  });

  it('takes an image that is not chosen from the registry', () => {
    const [tool] = plan({ only: ['tool'], args: { URL: 'u' }, registry: 'localhost:5000' }).builds;
    expect(tool?.base).toEqual({ kind: 'reference', reference: 'localhost:5000/program:1.0.0' });
  });

  it('replaces bases, ours too', () => {
    const bases = { node24: 'mirror.example/node:24', program: 'mirror.example/program:9' };
    const { builds } = plan({ bases, args: { URL: 'u' } });
    expect(builds.map(({ base }) => base.reference)).toEqual([
      'mirror.example/node:24',
      'mirror.example/node:24',
      'docker.io/library/node:22',
      'mirror.example/program:9',
    ]);
  });

  it('makes one variant alone', () => {
    expect(plan({ variants: ['node22'] }).builds.map(({ tag }) => tag)).toEqual(['node22']);
  });

  it('tells every unknown name and every missing argument of an image that was asked for', () => {
    expect(problems({ only: ['nod', 'tool'], variants: ['node99'], bases: { php: 'x' } })).toEqual([
      'there is no image "nod"; did you mean "node"?',
      'there is no variant "node99"; known: 2.0',
      'there is no base "php"; known: node24, node22, program, node, tool',
      'tool needs URL: give --build-arg URL=...',
    ]);
  });
});
