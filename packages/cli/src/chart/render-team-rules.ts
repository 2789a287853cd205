/** renderTeamRules: what the chart must know to refuse a team file in the words of `tekton-dag team validate`. */

import { jsonSchemas, listFormats, RESERVED_NAMESPACES, TEAM_RULES, toRe2 } from '@tekton-dag/model';
import { stringify } from 'yaml';
import { z } from 'zod';
import { TEAM_KEYS } from './team-keys.ts';

/** Where a text with a format is in a team: keys, `[]` for every item, `{}` for every value, `{key}` for every key. */
export interface TeamText {
  readonly steps: readonly string[];
  readonly format: string;
}

interface SchemaNode {
  readonly pattern?: string | undefined;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly items?: SchemaNode | undefined;
  readonly propertyNames?: SchemaNode | undefined;
  readonly additionalProperties?: SchemaNode | false | undefined;
}

const schemaNode: z.ZodType<SchemaNode> = z.object({
  pattern: z.string().optional(),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get propertyNames() {
    return schemaNode.optional();
  },
  get additionalProperties() {
    return z.union([z.literal(false), schemaNode]).optional();
  },
});

/** Every text of a team file that has a format. */
export function listTeamTexts(): readonly TeamText[] {
  return textsOf(schemaNode.parse(jsonSchemas()['teams/schema.json']), []);
}

function textsOf(node: SchemaNode, steps: readonly string[]): TeamText[] {
  const inner = [
    ...Object.entries(node.properties ?? {}),
    ...(node.items === undefined ? [] : [['[]', node.items] as const]),
    ...(node.propertyNames === undefined ? [] : [['{key}', node.propertyNames] as const]),
    ...(typeof node.additionalProperties === 'object' ? [['{}', node.additionalProperties] as const] : []),
  ];
  const own = node.pattern === undefined ? [] : [{ steps, format: formatOfSource(node.pattern) }];
  return [...own, ...inner.flatMap(([step, child]) => textsOf(child, [...steps, step]))];
}

function formatOfSource(source: string): string {
  const found = Object.entries(listFormats()).find(([, { pattern }]) => pattern.source === source);
  if (found === undefined) throw new Error(`no format has the pattern ${source}`);
  return found[0];
}

const HEAD = `# Made by scripts/generate-schemas.ts from the schema of team files; templates/_validate.tpl reads it.
# A text is good when it matches "allow" and nothing of "deny". Steps: "[]" every item, "{}" every value, "{key}" every key.
`;

/** The text of helm/tekton-dag/files/team-rules.yaml. */
export function renderTeamRules(): string {
  const texts = listTeamTexts();
  const used = new Set(texts.map(({ format }) => format));
  const formats = Object.entries(listFormats())
    .filter(([name]) => used.has(name))
    .map(([name, { pattern, message, hint }]) => [name, { ...toRe2(pattern), message, hint }]);
  const rules = {
    teamKeys: TEAM_KEYS,
    formats: Object.fromEntries(formats),
    texts,
    // The chart's own, checked in the same way.
    chartTexts: [
      { steps: ['stackFiles', '{key}'], format: 'stackFile' },
      { steps: ['apps', 'namespaces', '[]'], format: 'label' },
    ],
    reservedNamespaces: RESERVED_NAMESPACES,
    rules: TEAM_RULES,
  };
  return HEAD + stringify(rules, { lineWidth: 0, aliasDuplicateObjects: false });
}
