import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interceptInputOf } from '../testing/intercept-input.ts';
import { mirrordConfigSchema } from './mirrord-config-schema.ts';
import { renderMirrordConfig } from './render-mirrord-config.ts';

/** mirrord compares header lines without regard to case. */
const steals = (fields: Parameters<typeof interceptInputOf>[0], line: string): boolean => {
  const filters = renderMirrordConfig(interceptInputOf(fields), '').feature?.network?.incoming?.http_filter
    ?.any_of;
  return (filters ?? []).some((filter) => 'header' in filter && new RegExp(filter.header, 'iu').test(line));
};
const session = fc.stringMatching(/^pr-[1-9][0-9]{0,3}-[a-z2-7]{6}$/);
const token = fc.stringMatching(/^[a-z0-9!#$%&'*+.^_`|~-]{1,12}$/);

describe('renderMirrordConfig', () => {
  it('names target and namespace, steals by filter, and labels the agent with the run', () => {
    const config = renderMirrordConfig(interceptInputOf({}), 'registry.example/agent:1');
    expect(config).toMatchObject({
      target: { path: 'deployment/api', namespace: 'staging' },
      operator: false,
      agent: {
        namespace: 'staging',
        image: 'registry.example/agent:1',
        labels: { 'tekton-dag.io/run': 'stack-pr-4-abcd1234', 'tekton-dag.io/session': 'pr-4-abcdef' },
      },
      feature: {
        fs: 'local',
        network: { incoming: { mode: 'steal', port_mapping: [[18_080, 8080]] }, outgoing: false },
      },
    });
  });

  it.each([
    ['x-dev-session: pr-4-abcdef', true],
    ['X-Dev-Session: pr-4-abcdef', true],
    ['baggage: a=1, dev-session=pr-4-abcdef;p=1,b=2', true],
    ['x-dev-session: pr-42-abcdef', false],
    ['x-dev-session: pr-4-abcdefg', false],
    ['x-dev-session: xpr-4-abcdef', false],
    ['y-x-dev-session: pr-4-abcdef', false],
    ['x-dev-session: pr-4-abcdef, pr-5-abcdef', false],
    ['baggage: dev-session=pr-42-abcdef', false],
    ['baggage: xdev-session=pr-4-abcdef', false],
    ['referer: x-dev-session: pr-4-abcdef', false],
  ])('steals %s: %s', (line, isStolen) => expect(steals({}, line)).toBe(isStolen));

  it('writes what the published schema takes, without a template that mirrord would fill in', () => {
    fc.assert(
      fc.property(session, token, token, (mine, headerName, baggageKey) => {
        const config = renderMirrordConfig(interceptInputOf({ session: mine, headerName, baggageKey }), '');
        expect(mirrordConfigSchema.safeParse(config)).toMatchObject({ success: true });
        expect(JSON.stringify(config)).not.toMatch(/\{\{|\{%|\{#/);
      }),
    );
  });

  it('steals its own session and no other, whatever the names of header and member', () => {
    fc.assert(
      fc.property(session, session, token, token, (mine, other, headerName, baggageKey) => {
        const fields = { session: mine, headerName, baggageKey };
        expect(steals(fields, `${headerName}: ${other}`)).toBe(mine === other);
        expect(steals(fields, `${headerName}x: ${mine}`)).toBe(headerName + 'x' === 'baggage');
        expect(steals(fields, `baggage: a=1,${baggageKey}=${other},b=2`)).toBe(mine === other);
      }),
    );
  });
});
