import { describe, expect, it } from 'vitest';
import { parseTracingConfig, type TracingConfig } from './tracing-settings.ts';

const parse = (env: Readonly<Record<string, string>>): TracingConfig | undefined => {
  const config = parseTracingConfig(env);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
};
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('the settings of tracing', () => {
  it.each([
    ['nothing is set', {}],
    ['the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['the exporter is none', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    ['the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  ])('give no traces when %s', (_title, env) => {
    expect(parse(env)).toBeUndefined();
  });

  it('add the path to the base URL, and leave the full one alone', () => {
    expect(parse(ENDPOINT)?.url).toBe('http://collector:4318/v1/traces');
    const full = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/in' };
    expect(parse({ ...ENDPOINT, ...full })?.url).toBe('https://traces.example.com/in');
  });

  it('read headers and attributes as the specification says, those of traces last', () => {
    const config = parse({
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1, authorization=Bearer%20x=y,broken,=none',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=2',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod,bad=%zz',
    });
    const headers = Object.entries(config?.headers ?? {}).map(([name, value]) => [name, value.reveal()]);
    expect(Object.fromEntries(headers)).toEqual({ a: '2', authorization: 'Bearer x=y' });
    expect(config?.resource).toEqual({ 'deployment.environment.name': 'prod', bad: '%zz' });
    expect(JSON.stringify(config)).not.toContain('x=y');
  });

  it('keep a part of the traces only where the sampler says so', () => {
    expect(parse({ ...ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '0.1' })?.ratio).toBe(1);
    const sampler = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' };
    expect(parse({ ...ENDPOINT, ...sampler })?.ratio).toBe(0.1);
  });

  it.each([
    ['a URL of another kind', { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://collector:4317' }],
    ['gRPC', { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
    ['a ratio above 1', { ...ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '2' }],
    ['a sampler that is not known', { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'sometimes' }],
  ])('refuse %s', (_title, env) => {
    expect(parseTracingConfig(env)).toMatchObject({ ok: false, error: [{ key: Object.keys(env).at(-1) }] });
  });
});
