/** renderPlan: a plan for people. */

import type { Plan } from '@tekton-dag/model';
import { renderTable } from './table.ts';

/** Facts first, then what is built, which edges must carry the session, and what is tested. */
export function renderPlan(plan: Plan): string {
  const facts = renderFacts(plan);
  const builds = renderTable(
    ['BUILD', 'TOOL', 'IMAGE', 'VERSION'],
    plan.buildApps.map(({ app, tool, image }) => [app, tool, image, plan.versions[app] ?? '']),
  );
  const edges = plan.requiredEdges.map(({ caller, callee }) => `  ${caller} -> ${callee}\n`).join('');
  const tests = plan.tests.map(({ app, tests }) => `  ${app}: ${describeTests(tests)}\n`).join('');
  return [
    facts,
    `\n${builds}`,
    edges === '' ? '' : `\nthe session must cross:\n${edges}`,
    tests === '' ? '' : `\ntests:\n${tests}`,
  ].join('');
}

function renderFacts(plan: Plan): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['mode', plan.mode],
    ['team', plan.team],
    ['stack', plan.stack],
    ['session', plan.session === undefined ? undefined : `${plan.headerName}: ${plan.session}`],
    ['order', plan.order.join(' ')],
    ['entries', plan.entries.join(' ')],
    ['changed', plan.changedApps.join(' ')],
    ['backend', plan.mode === 'pr' ? plan.interceptBackend : undefined],
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(10)}${value}\n`)
    .join('');
}

function describeTests(tests: Plan['tests'][number]['tests']): string {
  const { postman, playwright, artillery, command } = tests;
  const named = Object.entries({ postman, playwright, artillery, command: command?.join(' ') });
  const given = named.flatMap(([tool, what]) => (what === undefined ? [] : [`${tool} ${what}`]));
  return given.length === 0 ? 'none' : given.join(', ');
}
