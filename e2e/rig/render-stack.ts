/** Stack files of the tests: JSON, which is YAML; every app is the tiny app unless the test says otherwise. */

export interface TestStack {
  readonly name: string;
  /** Where its apps run; stacks of one cluster stay apart. */
  readonly namespace?: string;
  readonly description?: string;
  /** App to what differs from the default app. */
  readonly apps: Readonly<Record<string, object>>;
}

export const OWNER = 'acme';

/** Stack `shop` gets namespace `shop`, and app `api` the repository `acme/api`. */
export function renderStack({ name, namespace = name, description = '', apps }: TestStack): string {
  const spec = {
    name,
    description,
    defaults: { namespace },
    apps: Object.entries(apps).map(([app, settings]) => ({
      name: app,
      repo: `${OWNER}/${app}`,
      role: 'middleware',
      build: { tool: 'none' },
      downstream: [],
      ...settings,
    })),
  };
  return `${JSON.stringify(spec, undefined, 2)}\n`;
}
