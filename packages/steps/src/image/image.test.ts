import { describe, expect, it } from 'vitest';
import { createDockerIgnore } from './docker-ignore.ts';
import { expandVariables } from './expand-variables.ts';
import type { ContextEntry } from './list-context.ts';
import { emptyContainerConfig, planImage, type ImagePlan } from './plan-image.ts';
import { readDockerfile } from './read-dockerfile.ts';
import { selectFiles } from './select-files.ts';

const plan = (text: string): ImagePlan => {
  const dockerfile = readDockerfile(text);
  if (!dockerfile.ok) throw new Error(JSON.stringify(dockerfile.error));
  const planned = planImage(dockerfile.value, emptyContainerConfig());
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value;
};
const problems = (text: string): unknown => {
  const dockerfile = readDockerfile(text);
  return dockerfile.ok ? planImage(dockerfile.value, emptyContainerConfig()) : dockerfile;
};

describe('expandVariables', () => {
  const values = new Map([
    ['A', '1'],
    ['E', ''],
  ]);
  it.each([
    ['$A${A}', '11'],
    ['${A:-x}${B:-x}${E:-y}', '1xy'],
    ['${A:+x}${B:+x}', 'x'],
    [String.raw`\$A \\`, String.raw`$A \ `.trimEnd()],
    ['$B|', '|'],
    ['100$', '100$'],
  ])('fills %s', (text, expected) => expect(expandVariables(text, values)).toBe(expected));
});

describe('planImage', () => {
  it('reads the config of the only stage', () => {
    const { config } = plan(`ARG V=20
FROM node:\${V}
ARG WHO=me
WORKDIR /srv
WORKDIR app
ENV A=1 B="two words" C='$A'
ENV D=$A-$WHO
LABEL a="x $A"
EXPOSE 8080 53/udp
USER node
ENTRYPOINT ["node", "a b"]
CMD serve --now
HEALTHCHECK CMD curl x
`);
    expect(config).toMatchObject({
      workingDir: '/srv/app',
      env: expect.arrayContaining(['A=1', 'B=two words', 'C=$A', 'D=1-me']),
      labels: { a: 'x 1' },
      exposedPorts: ['8080/tcp', '53/udp'],
      user: 'node',
      entrypoint: ['node', 'a b'],
      cmd: ['/bin/sh', '-c', 'serve --now'],
    });
    expect(config.env.join()).not.toContain('WHO=');
  });

  it('fills the variables of FROM from the ARGs in front of it', () => {
    const dockerfile = readDockerfile('ARG V=20\nFROM node:${V}-slim\n');
    expect(dockerfile).toMatchObject({ ok: true, value: { base: 'node:20-slim' } });
  });

  it('keeps spaces in the exec form of COPY', () =>
    expect(plan('FROM a\nCOPY ["x y", "/z/"]\n').copies).toMatchObject([
      { sources: ['x y'], destination: '/z' },
    ]));

  it.each([
    ['FROM a\nRUN x\n', 'needs-buildah', 2, 'RUN needs buildah'],
    ['FROM a AS b\nRUN x\nFROM c\nCOPY --from=b /x /y\n', 'needs-buildah', 4, 'COPY --from'],
    ['FROM a AS b\nFROM b\nCOPY . .\n', 'needs-buildah', 2, 'FROM the stage b'],
    ['FROM a\nADD https://x/y /z\n', 'needs-buildah', 2, 'ADD of a URL'],
    ['FROM a\nADD x.tar.gz /z\n', 'needs-buildah', 2, 'ADD of an archive'],
    ['FROM a\nCOPY <<EOT /f\nhi\nEOT\n', 'needs-buildah', 2, 'here-document'],
    ['FROM a\nCOPY --chown=someone . .\n', 'invalid', 2, '--chown'],
    ['FROM a\nCOPY x\n', 'invalid', 2, 'source and a destination'],
    ['FROM a\nNONSENSE x\n', 'invalid', 2, 'unknown instruction'],
    ['COPY a b\n', 'invalid', 1, 'no FROM'],
  ])('refuses %j', (text, reason, line, message) =>
    expect(problems(text)).toMatchObject({
      error: [{ reason, line, message: expect.stringContaining(message) }],
    }),
  );

  it('reports every line that needs buildah', () =>
    expect(problems('FROM a\nRUN x\nRUN y\n')).toMatchObject({ error: [{ line: 2 }, { line: 3 }] }));
});

const entries: ContextEntry[] = ['a.txt', 'b.md', 'dir', 'dir/c.txt', 'dir/deep', 'dir/deep/d.txt'].map(
  (path) => ({
    path,
    kind: path.includes('.') ? 'file' : 'directory',
    executable: false,
    sizeBytes: 1,
  }),
);

const select = (copy: string): unknown => {
  const [first] = plan(`FROM a\nWORKDIR /w\n${copy}\n`).copies;
  if (first === undefined) throw new Error('no copy');
  const selected = selectFiles(entries, first);
  return selected.ok
    ? selected.value.filter(({ kind }) => kind === 'file').map(({ path }) => path)
    : selected.error;
};

describe('selectFiles', () => {
  it.each([
    ['COPY a.txt b.txt', ['w/b.txt']],
    ['COPY a.txt /x/', ['x/a.txt']],
    ['COPY . .', ['w/a.txt', 'w/b.md', 'w/dir/c.txt', 'w/dir/deep/d.txt']],
    ['COPY dir /x', ['x/c.txt', 'x/deep/d.txt']],
    ['COPY ./dir/ ./', ['w/c.txt', 'w/deep/d.txt']],
    ['COPY *.txt ./', ['w/a.txt']],
    ['COPY [ab].* /x/', ['x/a.txt', 'x/b.md']],
    ['COPY a.txt dir /x/', ['x/a.txt', 'x/c.txt', 'x/deep/d.txt']],
  ])('%s', (copy, expected) => expect(select(copy)).toEqual(expected));

  it('makes the directories above', () => {
    const [copy] = plan('FROM a\nCOPY a.txt /x/y/z.txt\n').copies;
    const selected = copy === undefined ? undefined : selectFiles(entries, copy);
    expect(selected).toMatchObject({ value: [{ path: 'x' }, { path: 'x/y' }, { path: 'x/y/z.txt' }] });
  });

  it.each([
    ['COPY nothing /x', 'no such file'],
    ['COPY ../up /x', 'outside of the context'],
  ])('refuses %s', (copy, message) =>
    expect(select(copy)).toMatchObject([{ message: expect.stringContaining(message) }]),
  );
});

describe('createDockerIgnore', () => {
  const ignores = createDockerIgnore(
    '# comment\nnode_modules\n*.md\n!README.md\n**/*.log\n/build/\ndocs/*\n!docs/keep\n',
  );
  it.each(['node_modules', 'node_modules/a/b.js', 'x.md', 'a.log', 'a/b/c.log', 'build/x', 'docs/a'])(
    'leaves %s out',
    (path) => expect(ignores(path)).toBe(true),
  );
  it.each(['README.md', 'src/node_modules.js', 'src/x.md', 'rebuild/x', 'docs/keep', 'a.logs'])(
    'keeps %s',
    (path) => expect(ignores(path)).toBe(false),
  );
});
