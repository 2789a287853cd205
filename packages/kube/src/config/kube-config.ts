/** KubeConfig: where the API is and how to prove who we are, after every file has been read. */

/** How an exec plugin is run (client.authentication.k8s.io/v1, KEP-541). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string | undefined;
  readonly provideClusterInfo: boolean;
}

/** What proves who we are; several may be set, as kubectl allows. */
export interface Credentials {
  readonly token?: string | undefined;
  /** Read again now and then, since the kubelet rotates it. */
  readonly tokenFile?: string | undefined;
  readonly clientCertificatePem?: string | undefined;
  readonly clientKeyPem?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  readonly exec?: ExecPlugin | undefined;
}

/** One resolved context. */
export interface KubeConfig {
  /** Base URL of the API, without a trailing slash. */
  readonly server: string;
  /** Default namespace of the context. */
  readonly namespace: string;
  readonly contextName: string;
  readonly certificateAuthorityPem?: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string | undefined;
  readonly credentials: Credentials;
  /** Where it came from: file paths, or "in-cluster". */
  readonly source: string;
}

/** Why no configuration could be had; `message` says it for people. */
export interface KubeConfigFailure {
  readonly reason: 'not-found' | 'unreadable' | 'malformed' | 'no-context' | 'no-cluster' | 'no-user';
  readonly message: string;
}
