import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../file/render-diagnostics.ts';
import { anyText } from '../testing/index.ts';
import { parseStack } from './parse-stack.ts';

/** What a user sees of a file's problems. */
function problemsOf(text: string): string {
  const stack = parseStack(text, 'stack.yaml');
  return stack.ok ? '' : renderDiagnostics(stack.error, text);
}

function codesOf(text: string): string[] {
  const stack = parseStack(text, 'stack.yaml');
  return stack.ok ? [] : stack.error.map(({ code, line, column }) => `${line}:${column} ${code}`);
}

const MINIMAL = `name: shop
apps:
  - name: web
    repo: acme/web
    role: frontend
    downstream: [api]
  - name: api
    repo: acme/api
    role: persistence
`;

describe('the problems of a stack file', { timeout: 30_000 }, () => {
  it('are told all at once, each with its place, in the order of the file', () => {
    const text = `name: Shop
descripton: typo
apps:
  - name: web
    repo: acme
    role: fronted
    container-port: 70000
    downstream: [apii, web]
    build: { tool: yarn, node-version: 24 }
  - name: web
    role: middleware
    downstream: api
    tests: { postman: ../x.json }
  - name: api
    repo: acme/api
    role: persistence
    env: { 1A: b }
`;
    expect(problemsOf(text)).toBe(`stack.yaml:1:7: "Shop" is not a DNS label [bad-name]
  1 | name: Shop
    |       ~~~~
  hint: use lower-case letters, digits and "-", at most 63 characters

stack.yaml:2:1: unknown key "descripton" [unknown-key]
  2 | descripton: typo
    | ~~~~~~~~~~
  hint: did you mean "description"?

stack.yaml:5:11: "acme" is not a repository [bad-repository]
  5 |     repo: acme
    |           ~~~~
  hint: write owner/name or host/owner/name

stack.yaml:6:11: unknown role "fronted" [unknown-value]
  6 |     role: fronted
    |           ~~~~~~~
  hint: did you mean "frontend"?

stack.yaml:7:21: 70000 is not a port [bad-port]
  7 |     container-port: 70000
    |                     ~~~~~
  hint: write a whole number from 1 to 65535

stack.yaml:8:18: the stack has no app "apii" [dangling-downstream]
  8 |     downstream: [apii, web]
    |                  ~~~~
  hint: did you mean "api"?

stack.yaml:8:24: the apps call each other in a circle: web -> web [cycle]
  8 |     downstream: [apii, web]
    |                        ~~~
  hint: take one of these edges out

stack.yaml:9:20: unknown tool "yarn" [unknown-value]
  9 |     build: { tool: yarn, node-version: 24 }
    |                    ~~~~
  hint: use one of: npm, maven, gradle, pip, composer, none

stack.yaml:9:40: expected a text, found 24 [wrong-type]
  9 |     build: { tool: yarn, node-version: 24 }
    |                                        ~~
  hint: put it in quotes: "24"

stack.yaml:10:5: missing key "repo" [missing-key]
  10 |   - name: web
     |     ~~~~

stack.yaml:10:11: the app "web" is already there, on line 4 [duplicate-app]
  10 |   - name: web
     |           ~~~

stack.yaml:12:17: expected a list, found "api" [wrong-type]
  12 |     downstream: api
     |                 ~~~

stack.yaml:13:23: "../x.json" is not a path inside the repository [bad-path]
  13 |     tests: { postman: ../x.json }
     |                       ~~~~~~~~~
  hint: write a relative path without ".."

stack.yaml:17:12: "1A" is not the name of an environment variable [bad-name]
  17 |     env: { 1A: b }
     |            ~~
  hint: use letters, digits and "_", and do not begin with a digit
`);
  });

  it('name each path that leaves the repository or is a pattern of another kind', () => {
    const withPaths = (paths: string): string => `${MINIMAL}    paths: ${paths}\n`;
    const bad = ['/etc/*', '../x', 'a/../b', '!', '!!a', 'a{b,c}', 'a\\b', ''];
    expect(codesOf(withPaths(JSON.stringify(bad)))).toEqual(
      bad.map(() => expect.stringMatching(/^10:.* bad-path$/)),
    );
    expect(codesOf(withPaths('[]'))).toEqual(['10:12 empty']);
  });

  it('name every reserved namespace', () => {
    const text = `defaults: { namespace: kube-system }\n${MINIMAL}    namespace: argocd\n`;
    expect(problemsOf(text)).toContain('"kube-system" is a reserved namespace [reserved-namespace]\n');
    expect(codesOf(text)).toEqual(['1:24 reserved-namespace', '11:16 reserved-namespace']);
    expect(codesOf(`${MINIMAL}    namespace: my-kube-system\n`)).toEqual([]);
  });

  it('say what became of a retired key', () => {
    const text = `${MINIMAL}defaults: { image-registry: ghcr.io }\npropagation: { strategy: custom }\n`;
    const problems = problemsOf(text);
    expect(problems).toContain('hint: the registry comes from the team file');
    expect(problems).toContain('hint: the session always travels in the header and in W3C baggage');
  });

  it('name the path of a cycle', () => {
    const text = `name: shop
apps:
  - { name: a, repo: acme/a, role: middleware, downstream: [b] }
  - { name: b, repo: acme/b, role: middleware, downstream: [c] }
  - { name: c, repo: acme/c, role: middleware, downstream: [b] }
`;
    expect(problemsOf(text)).toContain('in a circle: b -> c -> b [cycle]');
    expect(codesOf(text)).toEqual(['4:61 cycle']);
  });

  it.each([
    ['broken YAML', 'name: [a\nb: "', /^\d+:\d+ yaml-syntax$/],
    ['a tab as indentation', 'apps:\n\t- name: a', /^2:\d+ yaml-syntax$/],
    ['two documents', 'name: a\n---\nname: b', /^\d+:\d+ yaml-syntax$/],
    ['an unknown tag', 'name: !!js/function a', /^1:7 yaml-syntax$/],
    ['an alias that leads nowhere', 'name: *a', /^1:7 yaml-syntax$/],
    ['the same key twice', 'name: a\nname: b\napps: []', /^2:1 duplicate-key$/],
    ['a key that is a list', '? [a]\n: b', /^1:3 bad-key$/],
    ['a key without a text', ': b', /^1:1 bad-key$/],
    ['the key __proto__', '__proto__: { a: b }', /^1:1 bad-key$/],
    ['a list in place of the file', '- a', /^1:1 wrong-type$/],
    ['a text in place of the file', 'hello', /^1:1 wrong-type$/],
    ['no apps', 'name: a\napps: []', /^2:7 empty$/],
    ['apps without a value', 'name: a\napps:', /^2:1 wrong-type$/],
    ['an app that is null', 'name: a\napps:\n  - ', /^\d:\d wrong-type$/],
    ['a reserved name', MINIMAL.replaceAll('api', 'x-baseline'), /^7:11 bad-name$/],
    ['a header that is taken', `${MINIMAL}propagation: { header-name: Baggage }`, /^10:29 bad-name$/],
    ['a header with a space', `${MINIMAL}propagation: { header-name: a b }`, /^10:29 bad-name$/],
    ['a retired key', `${MINIMAL}defaults: { image-registry: x }`, /^10:13 unknown-key$/],
    ['an empty command', `${MINIMAL}    tests: { command: [] }`, /^10:23 empty$/],
    ['an empty text', `${MINIMAL}    build: { runtime: "" }`, /^10:23 empty$/],
    ['port 0', `${MINIMAL}    service-port: 0`, /^10:19 bad-port$/],
    ['a port with a fraction', `${MINIMAL}    service-port: 80.5`, /^10:19 bad-port$/],
    ['a port that is a word', `${MINIMAL}    service-port: http`, /^10:19 bad-port$/],
    ['a path that is absolute', `${MINIMAL}    context-dir: /etc`, /^10:18 bad-path$/],
    [
      'a path that climbs behind a line separator',
      `${MINIMAL}    context-dir: "a\\u2028/../.."`,
      /bad-path$/,
    ],
    ['an unknown propagation role', `${MINIMAL}    propagation-role: relay`, /^10:23 unknown-value$/],
  ])('name the place of %s', (_, text, expected) => {
    const codes = codesOf(text);
    expect(codes[0]).toMatch(expected);
  });

  it('follow aliases to the place that was written, and are told once', () => {
    const text = `name: shop
apps:
  - &web { name: web, repo: acme/web, role: bogus }
  - *web
`;
    expect(codesOf(text)).toEqual(['3:18 duplicate-app', '3:45 unknown-value']);
  });

  it('do not explode with the aliases', () => {
    const layers = Array.from(
      { length: 12 },
      (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]`,
    );
    expect(codesOf(['a0: &a0 [x]', ...layers].join('\n'))).not.toEqual([]);
  });

  it('are values and never faults, whatever the text', () => {
    const yamlish = fc.stringMatching(/^[-?:,[\]{}#&*!|>'"%@` \n\tabe0.]{0,60}$/);
    const mutated = fc
      .tuple(fc.nat(MINIMAL.length), fc.nat(6), fc.oneof(yamlish, anyText()))
      .map(([at, cut, text]) => MINIMAL.slice(0, at) + text + MINIMAL.slice(at + cut));
    const anything = fc.oneof(anyText(), yamlish, mutated);
    fc.assert(
      fc.property(anything, (text) => {
        const stack = parseStack(text, 'stack.yaml');
        if (stack.ok) return;
        expect(stack.error.length).toBeGreaterThan(0);
        expect(stack.error.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
        expect(renderDiagnostics(stack.error, text)).not.toBe('');
      }),
      { numRuns: 300 },
    );
    expect(codesOf('['.repeat(20_000))).not.toEqual([]);
  });
});
