/**
 * judge: what NetworkPolicies make of a connection, as the API defines it
 * (https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1). Ports are those of pods: Services
 * are resolved before policies count.
 */

import { BlockList, isIPv6 } from 'node:net';
import { z } from 'zod';
import { idOf, type ChartObject } from './chart-object.ts';
import { selectorSchema, selects, type Labels } from './label-selector.ts';

const DIRECTIONS = ['Ingress', 'Egress'] as const;

const peerSchema = z.strictObject({
  podSelector: selectorSchema.optional(),
  namespaceSelector: selectorSchema.optional(),
  ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
const portSchema = z.strictObject({
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
  port: z.int().optional(),
  endPort: z.int().optional(),
});
/** A list that is empty or missing stands for everything. */
const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish();
const ports = listOf(portSchema);
const ingressSchema = z.strictObject({ from: listOf(peerSchema), ports });
const egressSchema = z.strictObject({ to: listOf(peerSchema), ports });

const policySchema = z.looseObject({
  kind: z.literal('NetworkPolicy'),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    podSelector: selectorSchema,
    policyTypes: z.array(z.enum(DIRECTIONS)),
    ingress: z.array(ingressSchema).default([]),
    egress: z.array(egressSchema).default([]),
  }),
});

export type NetworkPolicy = z.output<typeof policySchema>;
type Peer = z.output<typeof peerSchema>;
type Direction = (typeof DIRECTIONS)[number];

export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  /** Beside the name, which every namespace has as a label. */
  readonly namespaceLabels?: Labels;
}

/** Something that is no pod, by its IP address. */
export interface Outside {
  readonly address: string;
}

export interface Connection {
  readonly from: Pod | Outside;
  readonly to: Pod | Outside;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

export function parsePolicies(objects: readonly ChartObject[]): readonly NetworkPolicy[] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((object) => {
      const { data, error } = policySchema.safeParse(object);
      if (data === undefined) throw new Error(`${idOf(object)}: ${z.prettifyError(error)}`);
      return data;
    });
}

/** Whether a connection has a way out of where it starts, and a way in where it ends; it needs both. */
export interface Verdict {
  readonly out: boolean;
  readonly in: boolean;
}

/** A pod that no policy of a direction selects is open in it. */
export function judge(policies: readonly NetworkPolicy[], connection: Connection): Verdict {
  return {
    out: letsThrough(policies, connection, 'Egress'),
    in: letsThrough(policies, connection, 'Ingress'),
  };
}

/** The directions in which policies hold a pod: closed but for what their rules open. */
export function heldDirections(policies: readonly NetworkPolicy[], pod: Pod): readonly Direction[] {
  return DIRECTIONS.filter((direction) => policies.some((policy) => holds(policy, pod, direction)));
}

function letsThrough(
  policies: readonly NetworkPolicy[],
  connection: Connection,
  direction: Direction,
): boolean {
  const [own, other] =
    direction === 'Egress' ? [connection.from, connection.to] : [connection.to, connection.from];
  if ('address' in own) return true;
  const holding = policies.filter((policy) => holds(policy, own, direction));
  if (holding.length === 0) return true;
  return holding.some((policy) =>
    rulesOf(policy, direction).some(
      (rule) =>
        isAny(rule.peers, (peer) => matchesPeer(peer, other, policy.metadata.namespace)) &&
        isAny(rule.ports, (port) => matchesPort(port, connection)),
    ),
  );
}

function holds({ metadata, spec }: NetworkPolicy, pod: Pod, direction: Direction): boolean {
  return (
    metadata.namespace === pod.namespace &&
    spec.policyTypes.includes(direction) &&
    selects(spec.podSelector, pod.labels)
  );
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction) {
  return direction === 'Egress'
    ? spec.egress.map((rule) => ({ peers: rule.to, ports: rule.ports }))
    : spec.ingress.map((rule) => ({ peers: rule.from, ports: rule.ports }));
}

function isAny<T>(list: readonly T[] | null | undefined, matches: (item: T) => boolean): boolean {
  return list === null || list === undefined || list.length === 0 || list.some(matches);
}

function matchesPort(
  { protocol, port, endPort }: z.output<typeof portSchema>,
  connection: Connection,
): boolean {
  if (protocol !== (connection.protocol ?? 'TCP')) return false;
  return port === undefined || (connection.port >= port && connection.port <= (endPort ?? port));
}

function matchesPeer(peer: Peer, end: Pod | Outside, policyNamespace: string): boolean {
  if ('address' in end) return peer.ipBlock !== undefined && isInBlock(peer.ipBlock, end.address);
  if (peer.ipBlock !== undefined) return false;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? end.namespace === policyNamespace
      : selects(peer.namespaceSelector, namespaceLabelsOf(end));
  return inNamespace && (peer.podSelector === undefined || selects(peer.podSelector, end.labels));
}

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
function namespaceLabelsOf({ namespace, namespaceLabels }: Pod): Labels {
  return { ...namespaceLabels, 'kubernetes.io/metadata.name': namespace };
}

function isInBlock({ cidr, except }: NonNullable<Peer['ipBlock']>, address: string): boolean {
  return isInRange(cidr, address) && !except.some((range) => isInRange(range, address));
}

function isInRange(cidr: string, address: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
