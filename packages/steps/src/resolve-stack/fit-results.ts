/** Makes the results of a step fit into what Tekton carries of them; pure. */

/** Kubernetes cuts a container's termination message here (Tekton docs: tasks.md, "Emitting Results"). */
const MAX_MESSAGE_BYTES = 4096;
/** What Tekton adds of its own: start time, exit code; and the result with the commit of the platform repository. */
const RESERVED_BYTES = 500;

/** The bytes of the termination message that Tekton makes of the results. */
const messageBytesOf = (results: ReadonlyMap<string, string>): number =>
  Buffer.byteLength(JSON.stringify(Array.from(results, ([key, value]) => ({ key, value, type: 1 }))));

/** Values give way to `pointer`, the longest first, until all fit. */
export const fitResults = (
  results: Readonly<Record<string, string>>,
  pointer: string,
): Record<string, string> => {
  const fitting = new Map(Object.entries(results));
  const byLength = [...fitting].toSorted(([, a], [, b]) => b.length - a.length);
  for (const [name] of byLength) {
    if (messageBytesOf(fitting) <= MAX_MESSAGE_BYTES - RESERVED_BYTES) break;
    fitting.set(name, pointer);
  }
  return Object.fromEntries(fitting);
};
