import { describe, expect, it } from 'vitest';
import { renderCompileScript } from './render-compile-script.ts';

const render = (build: object): string =>
  renderCompileScript({
    build: { tool: 'npm', runtime: 'node', env: {}, ...build },
    directory: "/it's",
    cachePath: '',
  });

describe('renderCompileScript', () => {
  it('quotes every value', () => {
    const script = render({ env: { A: "it's $(x)" }, buildCommand: "echo 'a'" });
    expect(script).toContain(String.raw`export A='it'\''s $(x)'`);
    expect(script).toContain(String.raw`cd '/it'\''s'`);
    expect(script).toContain(String.raw`sh -ec 'echo '\''a'\'''`);
  });

  it('runs pre-command, build and post-command in this order, and the default only without a build-command', () => {
    const lines = render({ preCommand: 'one', buildCommand: 'two', postCommand: 'three' }).split('\n');
    expect(lines.filter((line) => line.startsWith('sh -ec'))).toEqual([
      "sh -ec 'one'",
      "sh -ec 'two'",
      "sh -ec 'three'",
    ]);
    expect(lines.join()).not.toContain('npm');
    expect(render({})).toContain('npm ci');
  });

  it.each([
    ['maven', 'mvn -B -DskipTests clean package'],
    ['pip', '--target vendor -r requirements.txt'],
    ['composer', 'composer install --no-dev'],
  ])('knows the default build of %s', (tool, command) => expect(render({ tool })).toContain(command));

  it('chooses the target of Gradle by runtime', () => {
    expect(render({ tool: 'gradle', runtime: 'spring-boot' })).toContain('gradle --no-daemon bootJar');
    expect(render({ tool: 'gradle', runtime: 'spring-legacy' })).toContain('gradle --no-daemon war');
    expect(render({ tool: 'gradle', runtime: 'other' })).toContain('gradle --no-daemon build -x test');
  });

  it('keeps downloads in the build cache when there is one', () => {
    const build = { tool: 'pip' as const, runtime: 'python', env: {} };
    expect(renderCompileScript({ build, directory: '/d', cachePath: '/cache' })).toContain(
      "PIP_CACHE_DIR='/cache/pip'",
    );
  });
});
