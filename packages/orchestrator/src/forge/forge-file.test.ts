import { describe, expect, it } from 'vitest';
import { parseForgeFile } from './forge-file.ts';

describe('parseForgeFile', () => {
  it('reads forges with tokens and Apps, and their hooks', () => {
    const text = `
- host: github.com
  kind: github
  app: { id: 12345, privateKeyFile: /secrets/app.pem }
  webhooks:
    - { app: true }
    - { repository: acme/demo-api, hookId: 7 }
    - { organization: acme, hookId: 8 }
- host: git.example.com:3000
  kind: gitea
  apiUrl: https://git.example.com:3000/api/v1
  tokenFile: /secrets/gitea-token
`;
    expect(parseForgeFile(text, 'forges.yaml')).toMatchObject({
      ok: true,
      value: [
        { host: 'github.com', webhooks: [{ app: true }, {}, {}] },
        { kind: 'gitea', webhooks: [] },
      ],
    });
  });

  it('tells all problems at once, each with its place', () => {
    const text = `
- host: GitHub.com/
  kind: gitlab
- host: git.example.com
  kind: gitea
  app: { id: 1, privateKeyFile: x }
- host: github.com
  kind: github
  tokenFile: /secrets/token
  token: not-here
`;
    const parsed = parseForgeFile(text, 'forges.yaml');
    if (parsed.ok) throw new Error('the file is bad');
    expect(parsed.error.map(({ line }) => line)).toEqual([2, 3, 6, 10]);
  });

  it.each([
    ['no credentials', '- { host: github.com, kind: github }', 'needs either tokenFile or app'],
    [
      'both',
      '- { host: github.com, kind: github, tokenFile: a, app: { id: 1, privateKeyFile: b } }',
      'needs either tokenFile or app',
    ],
    [
      'an App on Gitea',
      '- { host: g, kind: gitea, app: { id: 1, privateKeyFile: b } }',
      'is of GitHub alone',
    ],
    [
      'a host twice',
      '- { host: g, kind: gitea, tokenFile: a }\n- { host: g, kind: gitea, tokenFile: a }',
      'is there twice',
    ],
    [
      'a hook of nobody',
      '- { host: g, kind: github, tokenFile: a, webhooks: [{ hookId: 1 }] }',
      'needs one of repository, organization and app',
    ],
    [
      'a hook without its id',
      '- { host: g, kind: github, tokenFile: a, webhooks: [{ organization: acme }] }',
      'needs hookId',
    ],
    [
      "the App's hook without the App",
      '- { host: g, kind: github, tokenFile: a, webhooks: [{ app: true }] }',
      "the hook of an App needs the App's key",
    ],
  ])('refuses %s', (_name, text, hint) => {
    expect(parseForgeFile(text, 'forges.yaml')).toMatchObject({ ok: false, error: [{ hint }] });
  });
});
