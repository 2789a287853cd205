/** Which registries are spoken to over plain HTTP; pure. */

const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\]|[a-z0-9-]+\.localhost)(:[0-9]+)?$/;

/** True on loopback, and for hosts of the list: `host[:port]` by comma or space, as in param insecure-registries. */
export const isPlainHttp = (registry: string, insecureRegistries = ''): boolean =>
  LOOPBACK.test(registry) || insecureRegistries.split(/[\s,]+/).includes(registry);
