/** Traces of the demo stack's collections: three apps in a row, three flows through them and three tests of one app. */

const span = (service: string, id: string, parent?: string) => ({
  service,
  resource: `/${service}`,
  span_id: id,
  ...(parent === undefined ? {} : { parent_span_id: parent }),
});

const whole = [span('demo-fe', '1'), span('release-lifecycle-demo', '2', '1'), span('demo-api', '3', '2')];

export const collectionTraces = [
  { test_id: 'e2e/fe-checkout-flow', test_type: 'e2e', spans: whole },
  { test_id: 'e2e/fe-smoke', test_type: 'e2e', spans: whole },
  {
    test_id: 'e2e/bff-integration',
    test_type: 'e2e',
    spans: [span('release-lifecycle-demo', '1'), span('demo-api', '2', '1')],
  },
  { test_id: 'individual/fe-unit-api', test_type: 'individual', spans: [span('demo-fe', '1')] },
  { test_id: 'individual/api-crud', test_type: 'individual', spans: [span('demo-api', '1')] },
  { test_id: 'individual/api-validation', test_type: 'individual', spans: [span('demo-api', '1')] },
];
