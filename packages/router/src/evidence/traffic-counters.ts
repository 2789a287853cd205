/** Counts the requests that each backend got, tagged and untagged, so that one can prove who got whose traffic. */

export interface BackendCount {
  readonly backend: string;
  readonly tagged: number;
  readonly untagged: number;
}

export interface ServiceCount {
  readonly namespace: string;
  readonly service: string;
  readonly backends: readonly BackendCount[];
}

export interface TrafficCounters {
  count(
    at: { readonly namespace: string; readonly service: string; readonly backend: string },
    isTagged: boolean,
  ): void;
  snapshot(): readonly ServiceCount[];
}

const MAX_BACKENDS_PER_SERVICE = 10_000;

interface MutableCount {
  readonly backend: string;
  tagged: number;
  untagged: number;
}

interface MutableService {
  readonly namespace: string;
  readonly service: string;
  readonly backends: Map<string, MutableCount>;
}

/** Counters from zero. Of a Service with very many backends the one that was seen first is forgotten first. */
export function createTrafficCounters(): TrafficCounters {
  const services = new Map<string, MutableService>();
  return {
    count({ namespace, service, backend }, isTagged) {
      const key = `${namespace}/${service}`;
      const counted = services.get(key) ?? { namespace, service, backends: new Map<string, MutableCount>() };
      services.set(key, counted);
      const entry = entryOf(counted.backends, backend);
      if (isTagged) entry.tagged += 1;
      else entry.untagged += 1;
    },
    snapshot() {
      return [...services.values()].map(({ namespace, service, backends }) => ({
        namespace,
        service,
        backends: [...backends.values()].map((entry) => ({ ...entry })),
      }));
    },
  };
}

function entryOf(backends: Map<string, MutableCount>, backend: string): MutableCount {
  const known = backends.get(backend);
  if (known !== undefined) return known;
  const made = { backend, tagged: 0, untagged: 0 };
  backends.set(backend, made);
  const [oldest] = backends.keys();
  if (backends.size > MAX_BACKENDS_PER_SERVICE && oldest !== undefined) backends.delete(oldest);
  return made;
}
