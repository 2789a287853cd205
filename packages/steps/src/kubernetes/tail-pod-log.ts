/** The last lines of a container's log, for error messages; never fails. */
import { kinds, type KubeClient } from '@tekton-dag/kube';

/** At most `lines` lines; empty when there is no log. */
export const tailPodLog = async (
  client: KubeClient,
  { namespace, pod, container }: { namespace: string; pod: string; container: string | undefined },
  lines: number,
): Promise<string[]> => {
  const tail: string[] = [];
  try {
    for await (const line of client
      .resource(kinds.pods, namespace)
      .logs(pod, { container, tailLines: lines })) {
      tail.push(line);
      if (tail.length > lines) tail.shift();
    }
  } catch {
    // A pod that never started has no log; the caller's message stands without it.
  }
  return tail;
};
