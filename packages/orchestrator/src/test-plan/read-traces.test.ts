import { expect, it } from 'vitest';
import { readTraces } from './read-traces.ts';

const callsOf = (spans: Parameters<typeof readTraces>[0][number]['spans']) =>
  readTraces([{ test_id: 't', test_type: 'e2e', spans }]).calls.map(
    ({ caller, callee }) => `${caller}>${callee}`,
  );

it('takes the caller from the parent, whatever the order of the spans', () => {
  const spans = [
    { service: 'api', span_id: '3', parent_span_id: '2' },
    { service: 'fe', span_id: '1' },
    { service: 'bff', span_id: '2', parent_span_id: '1' },
    { service: 'auth', span_id: '4', parent_span_id: '2' },
  ];
  expect(callsOf(spans)).toEqual(['bff>api', 'fe>bff', 'bff>auth']);
});

it('makes no call of a span within its own service, nor of one whose parent is not there', () => {
  const spans = [
    { service: 'fe', span_id: '1' },
    { service: 'fe', span_id: '2', parent_span_id: '1' },
    { service: 'api', span_id: '3', parent_span_id: 'elsewhere' },
  ];
  expect(callsOf(spans)).toEqual([]);
});

it('goes by the order where no span names a parent', () => {
  expect(callsOf([{ service: 'fe' }, { service: 'fe' }, { service: 'bff' }, { service: 'api' }])).toEqual([
    'fe>bff',
    'bff>api',
  ]);
});

it('says everything once, with the newest type of a test', () => {
  const spans = [{ service: 'fe' }, { service: 'api' }, { service: 'fe' }, { service: 'api' }];
  const again = { test_id: 't', test_type: 'individual', spans };
  expect(readTraces([{ ...again, test_type: 'e2e' }, again])).toEqual({
    tests: [{ id: 't', type: 'individual' }],
    touches: [
      { test: 't', service: 'fe' },
      { test: 't', service: 'api' },
    ],
    calls: [
      { caller: 'fe', callee: 'api' },
      { caller: 'api', callee: 'fe' },
    ],
  });
});
