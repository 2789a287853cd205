import { describe, expect, it } from 'vitest';
import { renderProxyFiles } from './render-proxy-files.ts';

describe('renderProxyFiles', () => {
  it('writes no file for a tool without a proxy', () =>
    expect(renderProxyFiles({ npm: 'https://npm.example' })).toEqual([]));

  it('writes the file that each tool reads', () => {
    const files = renderProxyFiles({
      maven: 'https://m.example/maven2',
      gradle: 'http://g.example:8081/all',
      composer: 'http://c.example',
    });
    expect(files.map(({ path }) => path)).toEqual([
      '.m2/settings.xml',
      'tekton-dag-proxy.gradle',
      '.composer/config.json',
    ]);
    expect(files[0]?.text).toContain('<url>https://m.example/maven2</url>');
    expect(files[1]?.text).toContain("uri('http://g.example:8081/all')");
    expect(JSON.parse(files[2]?.text ?? '')).toEqual({
      repositories: [{ type: 'composer', url: 'http://c.example' }, { 'packagist.org': false }],
      config: { 'secure-http': false },
    });
  });
});
