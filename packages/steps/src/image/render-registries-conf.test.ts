import { describe, expect, it } from 'vitest';
import { renderRegistriesConf } from './render-registries-conf.ts';

describe('renderRegistriesConf', () => {
  it('names each registry once, with its mirror and whether they speak plain HTTP', () =>
    expect(
      renderRegistriesConf({
        mirrors: { 'docker.io': 'mirror.example:5000/hub' },
        insecure: ['mirror.example:5000', 'r.example'],
      }),
    ).toBe(`unqualified-search-registries = ["docker.io"]
[[registry]]
location = "docker.io"
insecure = false
[[registry.mirror]]
location = "mirror.example:5000/hub"
insecure = true
[[registry]]
location = "mirror.example:5000"
insecure = true
[[registry]]
location = "r.example"
insecure = true
`));
});
