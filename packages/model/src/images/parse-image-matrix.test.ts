import { describe, expect, it } from 'vitest';
import { parseImageMatrix } from './parse-image-matrix.ts';

const GOOD = `registry: registry.example/ours
source: https://git.example/ours
licenses: Apache-2.0
bases: { node24: "docker.io/library/node:24" }
images:
  - name: program
    title: program
    description: the program
    dockerfile: program/Dockerfile
    context: ../dist
    default: 1.0.0
    variants: [{ tag: 1.0.0, base: node24 }]
  - name: tool
    title: tool
    description: a tool
    dockerfile: tool/Dockerfile
    context: tool
    default: latest
    variants: [{ tag: latest, base: program }]
`;

function problems(text: string): string[] {
  const parsed = parseImageMatrix(text, 'matrix.yaml');
  return parsed.ok
    ? []
    : parsed.error.map(
        ({ line, message, hint }) => `${line}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
      );
}

describe('parseImageMatrix', () => {
  it('reads images that stand on bases and on images further up', () => {
    const parsed = parseImageMatrix(GOOD, 'matrix.yaml');
    expect(parsed.ok && parsed.value.images.map(({ name }) => name)).toEqual(['program', 'tool']);
  });

  it('tells a base that there is not, and a default that is no variant', () => {
    const text = GOOD.replace('base: program', 'base: progam').replace('default: 1.0.0', 'default: 2.0.0');
    expect(problems(text)).toEqual([
      '11: there is no variant "2.0.0"',
      '19: there is no base "progam" (did you mean "program"?)',
    ]);
  });

  it('tells names and tags that are given twice', () => {
    const text = GOOD.replace('name: tool', 'name: program').replace(
      '[{ tag: latest, base: program }]',
      '[{ tag: latest, base: node24 }, { tag: latest, base: node24 }]',
    );
    expect(problems(text)).toEqual([
      '13: "program" is the name of another image or base',
      '19: the tag "latest" is given twice',
    ]);
  });

  it('tells names that no registry takes', () => {
    expect(problems(GOOD.replace('name: tool', 'name: Tool'))).toEqual([
      '13: "Tool" is not the name of an image (use lower-case letters and digits, with ".", "_" or "-" between them)',
    ]);
  });
});
