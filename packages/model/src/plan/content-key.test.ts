import { describe, expect, it } from 'vitest';
import { contentKeyOf } from './content-key.ts';

const TREE = 'b'.repeat(64);

describe('contentKeyOf', () => {
  const content = { tree: TREE, dockerfile: 'Dockerfile' };

  it('moves with everything that determines an image and with nothing else', () => {
    const build = { tool: 'npm', runtime: 'custom', env: { A: 'a', B: 'b' } } as const;
    const base = contentKeyOf({ ...content, build });
    const same = contentKeyOf({
      ...content,
      tree: TREE.toUpperCase(),
      build: { env: { B: 'b', A: 'a' }, runtime: 'custom', tool: 'npm' },
    });
    const others = [
      contentKeyOf({ ...content, build, tree: 'c'.repeat(64) }),
      contentKeyOf({ ...content, build, dockerfile: 'Other' }),
      contentKeyOf({ ...content, build, compileImage: 'node' }),
      contentKeyOf({ ...content, build: { ...build, env: { A: 'ab', B: '' } } }),
      contentKeyOf({ ...content, build: { ...build, nodeVersion: '24' } }),
    ];
    expect(same).toBe(base);
    expect(new Set([...others, base]).size).toBe(6);
  });
});
