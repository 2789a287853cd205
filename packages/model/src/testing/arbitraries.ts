/** Arbitraries for fast-check: graphs with and without cycles, and whole stacks. */

import * as fc from 'fast-check';
import type { Graph } from '../graph/graph.ts';
import { BUILD_TOOLS, PROPAGATION_ROLES, ROLES, type App, type Stack } from '../stack/stack.ts';

const NAME = fc
  .oneof(fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?$/), fc.constant('constructor'))
  .filter((name) => !name.endsWith('-baseline') && !name.startsWith('tekton-dag-'));

const NAMES = fc.uniqueArray(NAME, { minLength: 1, maxLength: 12 });

const SURROGATES = { first: 0xd800, count: 0x800 };

/** One Unicode scalar value, every other time from ASCII, control characters and quotes included. */
const CHARACTER = fc
  .oneof(fc.nat(0x7f), fc.nat(0x10_ffff - SURROGATES.count))
  .map((code) => String.fromCodePoint(code < SURROGATES.first ? code : code + SURROGATES.count));

/** Any well-formed text. Cheaper than fast-check's own units, which take a second to set up. */
export function anyText(maxLength = 40): fc.Arbitrary<string> {
  return fc.string({ unit: CHARACTER, maxLength });
}

/** Texts that break what is not quoted: quotes, `$()`, newlines, any unicode. */
export function hostileText(): fc.Arbitrary<string> {
  return fc.oneof(
    anyText(),
    fc.constantFrom('$(id)', '`id`', '"\'', "'; rm -rf x #", '\n- a: b', '\u2028💥é', '$(params.a)', '\\"\\'),
  );
}

/** Graphs without a cycle: an app calls only apps that come later in a hidden order; file order is shuffled. */
export function acyclicGraph(): fc.Arbitrary<Graph> {
  return NAMES.chain((names) => {
    const apps = names.map((name, index) =>
      fc.shuffledSubarray(names.slice(index + 1)).map((downstream) => ({ name, downstream })),
    );
    return fc
      .tuple(...apps)
      .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length }))
      .map((shuffled) => ({ apps: shuffled }));
  });
}

/** Any graph: edges may go anywhere, also to the app itself. */
export function anyGraph(): fc.Arbitrary<Graph> {
  return NAMES.chain((names) => {
    const apps = names.map((name) =>
      fc
        .shuffledSubarray(names, { maxLength: Math.min(3, names.length) })
        .map((downstream) => ({ name, downstream })),
    );
    return fc.tuple(...apps).map((nodes) => ({ apps: nodes }));
  });
}

/** Valid stacks, as the parser would give them. */
export function anyStack(): fc.Arbitrary<Stack> {
  return acyclicGraph().chain((graph) =>
    fc.record(
      {
        name: fc.stringMatching(/^[a-z0-9]{1,10}$/),
        description: hostileText(),
        propagation: fc.constant({ headerName: 'x-dev-session', baggageKey: 'dev-session' }),
        defaults: fc.constant({ servicePort: 80, containerPort: 8080 }),
        apps: fc.tuple(...graph.apps.map(anyApp)),
      },
      { requiredKeys: ['name', 'propagation', 'defaults', 'apps'] },
    ),
  );
}

const PORT = fc.integer({ min: 1, max: 65_535 });
const ENV = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,5}$/), hostileText(), { maxKeys: 2 });

function anyApp({ name, downstream }: Graph['apps'][number]): fc.Arbitrary<App> {
  return fc.record(
    {
      name: fc.constant(name),
      repo: fc.constant(`acme/${name}`),
      role: fc.constantFrom(...ROLES),
      propagationRole: fc.constantFrom(...PROPAGATION_ROLES),
      namespace: fc.constantFrom('staging', 'other'),
      containerPort: PORT,
      servicePort: PORT,
      contextDir: fc.constantFrom('.', 'services/a b'),
      dockerfile: fc.constantFrom('Dockerfile', 'docker/Dockerfile.prod'),
      build: fc.record(
        {
          tool: fc.constantFrom(...BUILD_TOOLS),
          runtime: fc.constant('custom'),
          buildCommand: hostileText().filter((text) => text !== ''),
          env: ENV,
        },
        { requiredKeys: ['tool', 'runtime', 'env'] },
      ),
      downstream: fc.constant([...downstream]),
      runAsUser: fc.constantFrom(0, 1000),
      tests: fc.constantFrom(
        {},
        { postman: 'postman/collection.json' },
        { command: ['sh', '-c', 'echo "$(id)"'] },
      ),
    },
    {
      requiredKeys: [
        'name',
        'repo',
        'role',
        'propagationRole',
        'namespace',
        'containerPort',
        'servicePort',
        'contextDir',
        'dockerfile',
        'build',
        'downstream',
        'tests',
      ],
    },
  );
}
