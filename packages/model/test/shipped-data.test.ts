import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  entryApps,
  parseRegistry,
  parseStack,
  parseTeam,
  parseVersions,
  propagationChain,
  renderDiagnostics,
  type Stack,
  topologicalOrder,
} from '@tekton-dag/model';

const ROOT = new URL('../../../', import.meta.url);

interface Golden {
  readonly file: string;
  readonly name: string;
  readonly order: string;
  /** Where it is not the order. */
  readonly chain?: string;
}

const GOLDEN: readonly Golden[] = [
  { file: 'stack-one', name: 'stack-one', order: 'demo-fe release-lifecycle-demo demo-api' },
  {
    file: 'stack-two-vendor',
    name: 'stack-two',
    order: 'vendor-fe vendor-middleware notifications-svc internal-api vendor-adapter',
    chain: 'vendor-fe vendor-middleware vendor-adapter internal-api notifications-svc',
  },
  { file: 'single-app', name: 'standalone-api', order: 'inventory-api' },
  { file: 'single-flask-app', name: 'standalone-flask', order: 'analytics-api' },
  ...[
    ['test-stack-flask-forwarder', 'demo-fe analytics-api demo-api'],
    ['test-stack-flask-originator', 'analytics-api demo-api'],
    ['test-stack-spring-boot-originator', 'release-lifecycle-demo demo-api'],
    ['test-stack-php-forwarder', 'vendor-fe vendor-adapter internal-api'],
    ['test-stack-multi-hop-mixed', 'release-lifecycle-demo analytics-api vendor-adapter internal-api'],
  ].map(([name = '', order = '']) => ({ file: name, name, order })),
];

const OTHER_FILES = ['registry.yaml', 'versions.yaml'];

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

function readStack(file: string): Stack {
  const text = read(file);
  const stack = parseStack(text, file);
  if (!stack.ok) throw new Error(renderDiagnostics(stack.error, text));
  return stack.value;
}

describe('the shipped data', () => {
  it('has exactly the stacks of the golden table', () => {
    const files = readdirSync(new URL('stacks', ROOT)).filter((file) => file.endsWith('.yaml'));
    const expected = [...GOLDEN.map(({ file }) => `${file}.yaml`), ...OTHER_FILES];
    expect(files.toSorted()).toEqual(expected.toSorted());
  });

  it.each(GOLDEN)('gives $file the golden orders', ({ file, name, order, chain }) => {
    const stack = readStack(`stacks/${file}.yaml`);
    expect(stack.name).toBe(name);
    expect(topologicalOrder(stack).join(' ')).toBe(order);
    expect(propagationChain(stack).join(' ')).toBe(chain ?? order);
    expect(entryApps(stack)).toEqual([order.split(' ')[0]]);
  });

  it('names owner acme alone', () => {
    const repositories = GOLDEN.flatMap(({ file }) =>
      readStack(`stacks/${file}.yaml`).apps.map((app) => app.repo),
    );
    expect(repositories.filter((repository) => !repository.startsWith('acme/'))).toEqual([]);
  });

  it('has a version and a stack for every app', () => {
    const versions = parseVersions(read('stacks/versions.yaml'), 'stacks/versions.yaml');
    const registry = parseRegistry(read('stacks/registry.yaml'), 'stacks/registry.yaml');
    if (!versions.ok || !registry.ok) throw new Error('not readable');
    const stacks = new Map<string, Stack>(
      GOLDEN.map(({ file }) => [`${file}.yaml`, readStack(`stacks/${file}.yaml`)] as const),
    );
    const names = [
      ...new Set([...stacks.values()].flatMap((stack) => stack.apps.map((app) => app.name))),
    ].toSorted();
    expect(Object.keys(versions.value.apps).toSorted()).toEqual(names);
    expect(Object.keys(registry.value.repos).toSorted()).toEqual(names);
    for (const [app, { stack }] of Object.entries(registry.value.repos)) {
      expect(stacks.get(stack)?.apps.map((one) => one.name)).toContain(app);
    }
  });

  it('has a default team on the gateway backend whose stacks exist', () => {
    const team = parseTeam(read('teams/default/team.yaml'), 'teams/default/team.yaml');
    if (!team.ok) throw new Error('not readable');
    expect(team.value).toMatchObject({ name: 'default', interceptBackend: 'gateway' });
    expect(team.value.stacks.map((file) => readStack(file).name)).toEqual(['stack-one']);
  });
});
