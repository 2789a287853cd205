/** deliveryPath: the path of a delivery in the orchestrator's API. */

const DEFAULT_HOST = 'github.com';

/** `name` is an id, or `<host>/<id>` where the forge is another; `-` is the host of a delivery that names none. */
export function deliveryPath(name: string): string {
  const slash = name.indexOf('/');
  const host = slash < 0 ? DEFAULT_HOST : name.slice(0, slash);
  return `/api/deliveries/${encodeURIComponent(host)}/${encodeURIComponent(name.slice(slash + 1))}`;
}
