/**
 * The part of mirrord's configuration that taps use, as its published schema states it
 * (https://github.com/metalbear-co/mirrord, mirrord-schema.json; 3.181.0 or later). Unknown fields are errors, as there.
 */
import { z } from 'zod';

const port = z.int().min(0).max(65_535);
const toggle = z.boolean();

const isRegExp = (text: string): boolean => {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};
const expression = z.string().refine(isRegExp, 'must be a regular expression');

const innerFilter = z.union([
  z.strictObject({ header: expression }),
  z.strictObject({ path: expression }),
  z.strictObject({ method: z.string() }),
]);

/** One kind of filter at a time; lists must not be empty. */
const httpFilter = z
  .strictObject({
    header_filter: expression.exactOptional(),
    path_filter: expression.exactOptional(),
    method_filter: z.string().exactOptional(),
    all_of: z.array(innerFilter).min(1).exactOptional(),
    any_of: z.array(innerFilter).min(1).exactOptional(),
    ports: z.array(port).exactOptional(),
  })
  .refine(
    (filter) => Object.keys(filter).filter((name) => name !== 'ports').length <= 1,
    'takes one kind of filter',
  );

const incoming = z
  .strictObject({
    mode: z.enum(['mirror', 'steal', 'off']),
    http_filter: httpFilter.exactOptional(),
    port_mapping: z.array(z.tuple([port, port])).exactOptional(),
    listen_ports: z.array(z.tuple([port, port])).exactOptional(),
    ignore_localhost: z.boolean().exactOptional(),
    ignore_ports: z.array(port).exactOptional(),
    ports: z.array(port).exactOptional(),
  })
  .refine(({ ports, ignore_ports }) => ports === undefined || ignore_ports === undefined, {
    error: 'takes ports or ignore_ports',
  });

const targetPath = z
  .string()
  .regex(/^(deployment|pod|statefulset|rollout)\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?(\/container\/[a-z0-9-]+)?$/);

export const mirrordConfigSchema = z.strictObject({
  target: z.strictObject({ path: targetPath, namespace: z.string().exactOptional() }),
  operator: z.boolean().exactOptional(),
  telemetry: z.boolean().exactOptional(),
  accept_invalid_certificates: z.boolean().exactOptional(),
  agent: z
    .strictObject({
      namespace: z.string().exactOptional(),
      image: z.string().exactOptional(),
      image_pull_policy: z.string().exactOptional(),
      labels: z.record(z.string(), z.string()).exactOptional(),
      annotations: z.record(z.string(), z.string()).exactOptional(),
      service_account: z.string().exactOptional(),
      check_out_of_pods: z.boolean().exactOptional(),
      log_level: z.string().exactOptional(),
      startup_timeout: z.int().min(0).exactOptional(),
      ttl: port.exactOptional(),
    })
    .exactOptional(),
  feature: z
    .strictObject({
      env: toggle.exactOptional(),
      fs: z.enum(['local', 'localwithoverrides', 'read', 'write']).exactOptional(),
      hostname: z.boolean().exactOptional(),
      network: z
        .strictObject({
          incoming: incoming.exactOptional(),
          outgoing: toggle.exactOptional(),
          dns: toggle.exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
});
export type MirrordConfig = z.infer<typeof mirrordConfigSchema>;
