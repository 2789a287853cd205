/** Which registries are spoken to over plain HTTP; pure. */

const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\]|[a-z0-9-]+\.localhost)(:[0-9]+)?$/;

/** Reads param insecure-registries: `host[:port]` by comma or space. */
export const listInsecure = (insecureRegistries = ''): string[] =>
  insecureRegistries.split(/[\s,]+/).filter((host) => host !== '');

/** True on loopback, and for the hosts of param insecure-registries. */
export const isPlainHttp = (registry: string, insecureRegistries?: string): boolean =>
  LOOPBACK.test(registry) || listInsecure(insecureRegistries).includes(registry);
