/** Reads the Services, HTTPRoutes and EndpointSlices that the router needs, and of each only the fields it needs. */
import { z } from 'zod';

const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  creationTimestamp: z.string().default(''),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

const service = z.object({
  metadata,
  spec: z.object({
    ports: z
      .array(z.object({ port: z.number(), targetPort: z.union([z.number(), z.string()]).optional() }))
      .default([]),
  }),
});

/** Core v1 Service: only its ports and annotations. */
export type ServiceObject = z.infer<typeof service>;

const namedMatch = z.object({
  type: z.enum(['Exact', 'RegularExpression']).default('Exact'),
  name: z.string(),
  value: z.string(),
});

const headerEdit = z.object({ name: z.string(), value: z.string() });

const headerModifier = z.object({
  set: z.array(headerEdit).default([]),
  add: z.array(headerEdit).default([]),
  remove: z.array(z.string()).default([]),
});

const filter = z.object({
  type: z.string(),
  requestHeaderModifier: headerModifier.optional(),
  responseHeaderModifier: headerModifier.optional(),
});

const backendRef = z.object({
  group: z.string().default(''),
  kind: z.string().default('Service'),
  name: z.string(),
  namespace: z.string().optional(),
  port: z.number().optional(),
  weight: z.number().int().min(0).default(1),
  filters: z.array(filter).default([]),
});

const match = z.object({
  path: z
    .object({
      type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']).default('PathPrefix'),
      value: z.string().default('/'),
    })
    .default({ type: 'PathPrefix', value: '/' }),
  method: z.string().optional(),
  headers: z.array(namedMatch).default([]),
  queryParams: z.array(namedMatch).default([]),
});

const rule = z.object({
  matches: z.array(match).default([]),
  filters: z.array(filter).default([]),
  backendRefs: z.array(backendRef).default([]),
});

const httpRoute = z.object({
  metadata,
  spec: z.object({
    parentRefs: z
      .array(
        z.object({
          group: z.string().default('gateway.networking.k8s.io'),
          kind: z.string().default('Gateway'),
          namespace: z.string().optional(),
          name: z.string(),
          port: z.number().optional(),
        }),
      )
      .default([]),
    rules: z.array(rule).default([]),
  }),
});

/** Gateway API v1 HTTPRoute with its defaults filled in. */
export type HttpRouteObject = z.infer<typeof httpRoute>;
export type HttpRouteRuleObject = z.infer<typeof rule>;
export type HttpRouteMatchObject = z.infer<typeof match>;
export type NamedMatchObject = z.infer<typeof namedMatch>;
export type BackendRefObject = z.infer<typeof backendRef>;
export type HeaderModifierObject = z.infer<typeof headerModifier>;

const endpointSlice = z.object({
  metadata,
  addressType: z.string().default('IPv4'),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().nullish(), serving: z.boolean().nullish() }).nullish(),
        targetRef: z.object({ kind: z.string().optional(), name: z.string().optional() }).nullish(),
      }),
    )
    .nullish(),
  ports: z.array(z.object({ name: z.string().nullish(), port: z.number().nullish() })).nullish(),
});

/** discovery.k8s.io/v1 EndpointSlice. */
export type EndpointSliceObject = z.infer<typeof endpointSlice>;

/** What an object says, or why it cannot be read. */
export type ParsedObject<T> = { readonly object: T } | { readonly refused: string };

export const parseService = rememberByIdentity((input) => parseWith(service, input));
export const parseHttpRoute = rememberByIdentity((input) => parseWith(httpRoute, input));
export const parseEndpointSlice = rememberByIdentity((input) => parseWith(endpointSlice, input));

function parseWith<T>(schema: z.ZodType<T>, input: unknown): ParsedObject<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { object: parsed.data };
  const [issue] = parsed.error.issues;
  return { refused: issue === undefined ? 'invalid' : `${issue.path.join('.')}: ${issue.message}` };
}

/** Reflectors hand out the same object until it changes, so a rebuild parses only what changed. */
function rememberByIdentity<T>(parse: (input: unknown) => T): (input: unknown) => T {
  const known = new WeakMap<object, T>();
  return (input) => {
    if (typeof input !== 'object' || input === null) return parse(input);
    const remembered = known.get(input);
    if (remembered !== undefined) return remembered;
    const parsed = parse(input);
    known.set(input, parsed);
    return parsed;
  };
}
