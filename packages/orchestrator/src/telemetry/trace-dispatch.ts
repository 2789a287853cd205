/** traceDispatch: the span of carrying a delivery out, with one for each run that the API was asked for. */

import type { Delivery } from '@tekton-dag/store';
import type { DispatchResult } from '../deliveries/dispatch-delivery.ts';
import type { RunContext } from '../runs/run-context.ts';
import { dispatchSpanIdOf, runSpanIdOf, spanIdOf } from './span-id.ts';
import { tellSpans, type SpanTree } from './span-tree.ts';
import type { Tracing } from './tracing.ts';

/** Told when it is over: only the attempt that succeeds is what the runs are below. */
export async function traceDispatch(
  tracing: Tracing,
  delivery: Delivery,
  work: (onRunCreated: RunContext['onRunCreated']) => Promise<DispatchResult>,
): Promise<DispatchResult> {
  if (!tracing.enabled) return work(() => {});
  const startedAtMs = Date.now();
  const creations: SpanTree[] = [];
  const tell = (outcome: DispatchResult['kind'] | 'error'): void => {
    const attempt = outcome === 'done' ? '' : String(delivery.attempts);
    const tree = {
      ...describeDispatch(delivery, outcome),
      startedAtMs,
      endedAtMs: Date.now(),
      children: creations,
    };
    const spanId =
      attempt === '' ? dispatchSpanIdOf(delivery.id) : spanIdOf('dispatch', delivery.id, attempt);
    tellSpans(tracing, { ...tree, spanId }, delivery.traceparent);
  };
  try {
    const result = await work(({ name, team }, askedAtMs) =>
      creations.push(creationSpan({ name, namespace: team.namespace }, askedAtMs)),
    );
    tell(result.kind);
    return result;
  } catch (error) {
    tell('error');
    throw error;
  }
}

function describeDispatch(
  delivery: Delivery,
  outcome: DispatchResult['kind'] | 'error',
): Pick<SpanTree, 'name' | 'kind' | 'attributes' | 'error'> {
  return {
    name: 'dispatch delivery',
    kind: 'internal',
    attributes: {
      'tekton_dag.delivery.id': delivery.id,
      'tekton_dag.delivery.event': delivery.event,
      'tekton_dag.delivery.attempt': delivery.attempts,
      'tekton_dag.delivery.outcome': outcome,
    },
    ...(outcome === 'error' ? { error: 'dispatch' } : {}),
  };
}

function creationSpan(
  run: { readonly namespace: string; readonly name: string },
  startedAtMs: number,
): SpanTree {
  return {
    name: 'create PipelineRun',
    kind: 'client',
    spanId: spanIdOf('create', runSpanIdOf(run)),
    startedAtMs,
    endedAtMs: Date.now(),
    attributes: {
      'k8s.namespace.name': run.namespace,
      'cicd.pipeline.run.id': `${run.namespace}/${run.name}`,
    },
    children: [],
  };
}
