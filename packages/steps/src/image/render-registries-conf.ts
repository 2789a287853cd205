/** Renders the registries.conf that buildah reads (containers-registries.conf, version 2); pure. */
import type { RegistryMirrors } from '@tekton-dag/model';

export interface RegistriesSettings {
  readonly mirrors: RegistryMirrors;
  /** Hosts spoken to over plain HTTP. */
  readonly insecure: readonly string[];
}

const hostOf = (location: string): string => location.split('/', 1)[0] ?? location;
// A JSON string without control characters is a basic string of TOML.
const quote = (text: string): string => JSON.stringify(text);

/** Names without a registry mean Docker Hub, as in Docker. */
export const renderRegistriesConf = ({ mirrors, insecure }: RegistriesSettings): string => {
  const locations = new Set([...Object.keys(mirrors), ...insecure]);
  const tables = Array.from(locations, (location) => {
    const mirror = mirrors[location];
    const own = [
      '[[registry]]',
      `location = ${quote(location)}`,
      `insecure = ${insecure.includes(hostOf(location))}`,
    ];
    if (mirror === undefined) return own;
    const isInsecure = insecure.includes(hostOf(mirror));
    return [...own, '[[registry.mirror]]', `location = ${quote(mirror)}`, `insecure = ${isInsecure}`];
  });
  return `${['unqualified-search-registries = ["docker.io"]', ...tables.flat()].join('\n')}\n`;
};
