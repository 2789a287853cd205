/** telemetryValues: the values of the network policy, and of what watches the service. */

import { z } from 'zod';
import { egressRules, labels, peers } from './kubernetes-values.ts';
import { port } from './values-text.ts';

const networkPolicy = z.strictObject({
  enabled: z.boolean(),
  from: peers,
  metricsFrom: peers,
  egressPorts: z.array(port),
  extraEgress: egressRules,
});

const duration = z.string().regex(/^[1-9][0-9]*(?:ms|[smh])$/, 'write a time such as 30s');

const metrics = z.strictObject({
  port,
  serviceMonitor: z.strictObject({ enabled: z.boolean(), interval: duration, labels }).partial(),
  dashboard: z.strictObject({ enabled: z.boolean(), labels }).partial(),
  alerts: z
    .strictObject({
      enabled: z.boolean(),
      labels,
      runbookUrl: z.string().regex(/^https?:\/\/./, 'write an http or https URL'),
    })
    .partial(),
});

export const telemetryValues = {
  networkPolicy: networkPolicy.partial(),
  metrics: metrics.partial(),
};
