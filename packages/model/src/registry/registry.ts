/** Registry: which stack an app belongs to, as parsed from `stacks/registry.yaml`. */

export interface RegistryEntry {
  /** File name in the stacks folder, such as `stack-one.yaml`. */
  readonly stack: string;
  readonly role?: string;
}

/** App name to the stack that feeds on it. */
export interface Registry {
  readonly repos: Readonly<Record<string, RegistryEntry>>;
}
