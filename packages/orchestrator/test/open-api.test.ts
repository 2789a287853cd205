/** The OpenAPI document: what it says is what the server has, and docs/api.md says the same. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROBLEM_CODES } from '../src/http/problem-codes.ts';
import { startRig, type Rig } from './orchestrator-rig.ts';

const operation = z.looseObject({
  summary: z.string(),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-access': z.object({ role: z.string(), over: z.enum(['team', 'platform']) }).optional(),
  responses: z.record(z.string(), z.unknown()),
});

const openApi = z.looseObject({
  openapi: z.string(),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

let rig: Rig;
let document: z.output<typeof openApi>;

beforeAll(async () => {
  rig = await startRig();
  const answer = await fetch(`${rig.url}/openapi.json`);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  document = openApi.parse(await answer.json());
});
afterAll(async () => rig[Symbol.asyncDispose]());

function operations() {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, found]) => ({ route: `${method.toUpperCase()} ${path}`, ...found })),
  );
}

describe('the OpenAPI document', () => {
  it('is of version 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
  });

  it('names the role of every operation that needs a token, and the tags it uses', () => {
    const known = new Set(document.tags.map(({ name }) => name));
    for (const { route, security, tags, 'x-access': access } of operations()) {
      expect(
        tags.every((tag) => known.has(tag)),
        `${route} has tag ${tags.join()}`,
      ).toBe(true);
      expect(access === undefined, route).toBe(security.length === 0);
    }
  });

  it('says problem details of every refusal, with all codes', () => {
    for (const { route, responses, security } of operations()) {
      if (security.length === 0) continue;
      expect(Object.keys(responses), route).toEqual(expect.arrayContaining(['4XX', '5XX']));
    }
    const text = JSON.stringify(document.components.schemas['Problem']);
    for (const code of Object.keys(PROBLEM_CODES)) expect(text).toContain(`"${code}"`);
  });

  it('answers 401 where it says that a token is needed, and nowhere else', async () => {
    for (const { route, security } of operations()) {
      const [method = '', path = ''] = route.split(' ');
      const url = `${rig.url}${path.replaceAll(/\{\w+\}/g, 'x')}`;
      const { status, headers } = await fetch(url, { method });
      const signed = path.startsWith('/webhook/');
      if (security.length === 0 && !signed) expect(status, route).toBe(200);
      if (security.length > 0) {
        expect(status, route).toBe(401);
        expect(headers.get('www-authenticate'), route).toBe('Bearer');
      }
    }
  });

  it('has the routes and roles of the table in docs/api.md', async () => {
    const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` +\| ([a-z ]+?) *\|/gm)].map(
      ([, route, role]) => `${route}: ${role}`,
    );
    const stated = operations().map(({ route, 'x-access': access }) => {
      if (access === undefined) return `${route}: ${route.includes('/webhook/') ? 'signature' : 'open'}`;
      return `${route}: ${access.role}${access.over === 'platform' ? ' of all' : ''}`;
    });
    expect(rows.sort()).toEqual(stated.sort());
  });
});
