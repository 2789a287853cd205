import { describe, expect, it } from 'vitest';
import { renderCompileScript } from './render-compile-script.ts';

const render = (build: object): string =>
  renderCompileScript({
    build: { tool: 'npm', runtime: 'node', env: {}, ...build },
    directory: "/it's",
    cachePath: '',
    proxies: {},
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
    expect(renderCompileScript({ build, directory: '/d', cachePath: '/cache', proxies: {} })).toContain(
      "PIP_CACHE_DIR='/cache/pip'",
    );
  });

  it('sends npm and pip to the package proxies, and lets the app say otherwise', () => {
    const proxies = { npm: 'https://npm.example/r/', pip: 'http://pip.example:3141/simple' };
    const build = {
      tool: 'npm' as const,
      runtime: 'node',
      env: { npm_config_registry: 'https://own.example' },
    };
    const script = renderCompileScript({ build, directory: '/d', cachePath: '', proxies });
    expect(script).toContain("export npm_config_registry='https://own.example'");
    expect(script).toContain("export PIP_INDEX_URL='http://pip.example:3141/simple'");
    expect(script).toContain("export PIP_TRUSTED_HOST='pip.example'");
  });

  it('puts the init script of Gradle in place, and removes one of an older setting', () => {
    const gradle = (proxies: object): string =>
      renderCompileScript({
        build: { tool: 'gradle', runtime: 'other', env: {} },
        directory: '/d',
        cachePath: '/cache',
        proxies,
      });
    const place = '"$GRADLE_USER_HOME/init.d"/';
    expect(gradle({ gradle: 'https://m.example' })).toContain(`cp "$HOME/tekton-dag-proxy.gradle" ${place}`);
    expect(gradle({})).toContain(`rm -f ${place}tekton-dag-proxy.gradle`);
    expect(gradle({})).not.toContain('cp ');
  });
});
