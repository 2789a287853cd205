/** The annotation by which Tekton's own spans of a TaskRun become part of the run's trace. */
import { ANNOTATION, spanContextOf } from '@tekton-dag/model';

/** Empty without a trace. */
export const traceAnnotations = (traceparent: string | undefined): Record<string, string> => {
  const context = spanContextOf(traceparent ?? '');
  return context === undefined ? {} : { [ANNOTATION.taskRunSpanContext]: context };
};
