/** Stack: a graph of apps that call each other, as parsed from `stacks/*.yaml` with every default filled in. */

/** What an app is in the stack; a label only, but `frontend` decides the default propagation role. */
export const ROLES = ['frontend', 'middleware', 'middleware-vendor', 'persistence', 'standalone'] as const;
export type Role = (typeof ROLES)[number];

/** Who starts the session, who passes it on, who ends it. */
export const PROPAGATION_ROLES = ['originator', 'forwarder', 'terminal'] as const;
export type PropagationRole = (typeof PROPAGATION_ROLES)[number];

/** The programs that can build an app; `none` leaves all work to the Dockerfile. */
export const BUILD_TOOLS = ['npm', 'maven', 'gradle', 'pip', 'composer', 'none'] as const;
export type BuildTool = (typeof BUILD_TOOLS)[number];

/** How the session travels: HTTP header and W3C Baggage member (https://www.w3.org/TR/baggage/). */
export interface Propagation {
  readonly headerName: string;
  readonly baggageKey: string;
}

/** How an app is compiled before its image is made. */
export interface Build {
  readonly tool: BuildTool;
  /** A variant of the tool's default build; gradle knows `spring-boot` and `spring-legacy`. */
  readonly runtime: string;
  /** Shell text of the stack's owner; absent means the tool's default build. */
  readonly buildCommand?: string;
  readonly preCommand?: string;
  readonly postCommand?: string;
  readonly javaVersion?: string;
  readonly nodeVersion?: string;
  readonly pythonVersion?: string;
  readonly phpVersion?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What tests an app; paths are relative to the app's context directory. */
export interface AppTests {
  readonly postman?: string;
  readonly playwright?: string;
  readonly artillery?: string;
  /** Any command, as an argument array; never a shell text. */
  readonly command?: readonly string[];
  /** A missing file is then a skip and not a failure. */
  readonly optional?: boolean;
}

/** One node of the graph. Names are DNS labels, unique in the stack; Deployment, Service and image bear them. */
export interface App {
  readonly name: string;
  /** `owner/name` or `host/owner/name`. */
  readonly repo: string;
  readonly role: Role;
  readonly propagationRole: PropagationRole;
  /** Absent means the run's default namespace. */
  readonly namespace?: string;
  readonly containerPort: number;
  readonly servicePort: number;
  /** Directory in the repository that is built; `.` is the root. */
  readonly contextDir: string;
  /** Patterns of the files that change the app (match-paths.ts); absent means all of the repository. */
  readonly paths?: readonly string[];
  /** Relative to the context directory. */
  readonly dockerfile: string;
  readonly build: Build;
  readonly env?: Readonly<Record<string, string>>;
  /** User id of the app's process; absent means an unprivileged one, 0 is root. */
  readonly runAsUser?: number;
  /** Apps that this app calls. */
  readonly downstream: readonly string[];
  readonly tests: AppTests;
}

/** A parsed stack: names unique, every downstream present, no cycle. */
export interface Stack {
  readonly name: string;
  readonly description?: string;
  readonly propagation: Propagation;
  readonly defaults: {
    readonly namespace?: string;
    readonly servicePort: number;
    readonly containerPort: number;
  };
  readonly apps: readonly App[];
}
