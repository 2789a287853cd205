/** The settings files that send Maven, Gradle and Composer to package proxies; pure. */
import type { PackageProxies } from '@tekton-dag/model';

export interface ProxyFile {
  /** Below the home directory of the compile step. */
  readonly path: string;
  readonly text: string;
}

/** Name of the init script in Gradle's `init.d`. */
export const GRADLE_INIT_SCRIPT = 'tekton-dag-proxy.gradle';

/** https://maven.apache.org/guides/mini/guide-mirror-settings.html */
const mavenSettings = (url: string): string => `<settings>
  <mirrors>
    <mirror>
      <id>tekton-dag-proxy</id>
      <mirrorOf>*</mirrorOf>
      <url>${url}</url>
    </mirror>
  </mirrors>
</settings>
`;

/** Every Maven repository that a build names is asked at the proxy instead. Gradle 6.8 or newer. */
const gradleInitScript = (url: string): string => `def proxy = uri('${url}')
def redirect = { repositories ->
  repositories.withType(MavenArtifactRepository).configureEach { repository ->
    if (repository.url.scheme != 'file') {
      repository.url = proxy
      repository.allowInsecureProtocol = true
    }
  }
}
beforeSettings { settings ->
  redirect(settings.pluginManagement.repositories)
  redirect(settings.dependencyResolutionManagement.repositories)
}
settingsEvaluated { settings ->
  if (settings.pluginManagement.repositories.empty) settings.pluginManagement.repositories.gradlePluginPortal()
}
allprojects { project ->
  redirect(project.buildscript.repositories)
  redirect(project.repositories)
}
`;

/** https://getcomposer.org/doc/06-config.md */
const composerConfig = (url: string): string =>
  `${JSON.stringify({
    repositories: [{ type: 'composer', url }, { 'packagist.org': false }],
    config: { 'secure-http': url.startsWith('https:') },
  })}\n`;

/** One file for each tool that has a proxy and reads a file. The URLs hold no quotes (packageProxiesSchema). */
export const renderProxyFiles = ({ maven, gradle, composer }: PackageProxies): ProxyFile[] => [
  ...(maven === undefined ? [] : [{ path: '.m2/settings.xml', text: mavenSettings(maven) }]),
  ...(gradle === undefined ? [] : [{ path: GRADLE_INIT_SCRIPT, text: gradleInitScript(gradle) }]),
  ...(composer === undefined ? [] : [{ path: '.composer/config.json', text: composerConfig(composer) }]),
];
