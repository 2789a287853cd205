/** toolSettings: what build tools of the host need to reach the network, out of the host's environment. */

/** Certificates, proxies, package mirrors and caches; nothing that is a secret by its name. */
const PASSED = [
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'NPM_CONFIG_REGISTRY',
  'npm_config_registry',
  'PIP_FIND_LINKS',
  'PIP_INDEX_URL',
  'NPM_CONFIG_CACHE',
  'npm_config_cache',
  'PIP_CACHE_DIR',
] as const;

/** The variables of `env` that containers of host tools get; the rest of the host's environment stays outside. */
export function toolSettings(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
