/** The environment variables that send build tools to package proxies; pure. */
import type { PackageProxies } from '@tekton-dag/model';

/** Of npm and pip alone; Maven, Gradle and Composer read files (render-proxy-files.ts). */
export const proxyVariables = ({ npm, pip }: PackageProxies): Record<string, string> => ({
  ...(npm === undefined ? {} : { npm_config_registry: npm }),
  ...(pip === undefined ? {} : { PIP_INDEX_URL: pip }),
  // pip refuses plain HTTP unless the host is trusted.
  ...(pip?.startsWith('http:') === true ? { PIP_TRUSTED_HOST: new URL(pip).hostname } : {}),
});
