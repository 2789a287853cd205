/** openTracing: tracing as configured; its libraries are loaded only where there is something to trace. */

import type { TracingConfig } from '../config/tracing-settings.ts';
import { noTracing, type Tracing } from './tracing.ts';

export async function openTracing(
  config: TracingConfig | undefined,
  service: { readonly version: string; readonly instance: string },
): Promise<Tracing> {
  if (config === undefined) return noTracing;
  const { startOtlpTracing } = await import('./start-otlp-tracing.ts');
  return startOtlpTracing(config, service);
}
