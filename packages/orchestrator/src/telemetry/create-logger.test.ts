import { expect, it } from 'vitest';
import { parseOrchestratorConfig } from '../config/orchestrator-config.ts';
import { createLogger } from './create-logger.ts';

const SECRETS: Readonly<Record<string, string>> = {
  webhook: 'webhook secret with "quotes"',
  token: 'token-of-the-api-long-enough',
  sink: 'token-of-the-sink',
};
const config = parseOrchestratorConfig(
  {
    TEKTON_DAG_WEBHOOK_SECRET_FILE: 'webhook',
    TEKTON_DAG_API_TOKEN_FILE: 'token',
    TEKTON_DAG_EVENTS_SINK_URL: 'https://events.example.com',
    TEKTON_DAG_EVENTS_SINK_TOKEN_FILE: 'sink',
    TEKTON_DAG_STORE_URL: 'postgres://dag:p%40ssw0rd-of-the-store@db.example.com/dag',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token-of-the-collector',
  },
  (path) => SECRETS[path] ?? '',
);

function lineOf(fields: object, message = 'said'): string {
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const lines: string[] = [];
  createLogger(config.value, { write: (line) => void lines.push(line) }).info(fields, message);
  return lines.join('');
}

it.each([
  ['in a field that may hold one', { token: 'canary-1234' }],
  ['in a header of an error', { err: { request: { headers: { authorization: 'token canary-1234' } } } }],
  ['in a signature', { headers: { 'x-hub-signature-256': 'sha256=canary-1234' } }],
  ['in a URL', { url: 'https://user:canary-1234@git.example.com/acme/api' }],
])('hides a secret %s', (_title, fields) => {
  const line = lineOf(fields);
  expect(line).not.toContain('canary-1234');
  expect(line).toContain('[secret]');
});

it.each([
  ['the webhook', 'webhook secret with \\"quotes\\"', SECRETS['webhook']],
  ['the API', SECRETS['token'], SECRETS['token']],
  ['the event sink', SECRETS['sink'], SECRETS['sink']],
  ['the database', 'p@ssw0rd-of-the-store', 'p@ssw0rd-of-the-store'],
  ['the collector', 'Bearer token-of-the-collector', 'Bearer token-of-the-collector'],
])('hides the secret of %s wherever a message or an error says it', (_title, written, said = '') => {
  const line = lineOf({ err: new Error(`refused: ${said}`) }, `sent ${said}`);
  expect(line).not.toContain(written);
  expect(line.split('[secret]').length).toBeGreaterThan(2);
  expect(() => JSON.parse(line)).not.toThrow();
});
