import { expect, it } from 'vitest';
import { deployedPodsText } from './deployed-pods-text.ts';

const interceptsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const name = `app-${index}-pr-4-abcdef`;
    return {
      app: `app-${index}`,
      namespace: 'staging',
      service: name,
      deployment: name,
      route: name,
      pod: `${name}-${'x'.repeat(30)}`,
    };
  });

it('names the pod of each app, or nothing when that does not fit into a result', () => {
  expect(JSON.parse(deployedPodsText(interceptsOf(2)))).toMatchObject({
    'app-1': expect.stringMatching(/^app-1-pr-4/),
  });
  expect(Object.keys(JSON.parse(deployedPodsText(interceptsOf(40))))).toHaveLength(40);
  expect(deployedPodsText(interceptsOf(60))).toBe('{}');
  expect(deployedPodsText([])).toBe('{}');
});
