/** Addresses and ports of this cluster: a loopback network of its own, an address per pod and service, host ports. */

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';

export interface ClusterNetwork {
  /** Claims a network that no other cluster of this machine holds; the same one after a restart when it is free. */
  open(): Promise<void>;
  /** An address for the pod, the same until it is released. */
  podAddress(podUid: string): string;
  /** Host ports for declared container ports, checked to be free. */
  allotPorts(podUid: string, containerPorts: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** The ports allotted to a pod that runs here; undefined for any other. */
  portsOf(podUid: string): ReadonlyMap<number, number> | undefined;
  releasePod(podUid: string): void;
  /** A free service address, derived from the uid so that it mostly stays the same. */
  serviceAddress(serviceUid: string, taken: ReadonlySet<string>): string;
  /** True for an address in this cluster's part for services. */
  isServiceAddress(address: string): boolean;
  close(): Promise<void>;
}

/** The claim on 127.x.0.0/16 is a listener on this port of 127.x.0.1. */
const CLAIM_PORT = 61_013;
const FIRST_NETWORK = 16;
const NETWORKS = 238;
/** Below the range of ephemeral ports and below the target ports of the router. */
const FIRST_HOST_PORT = 10_240;
const LAST_HOST_PORT = 19_999;

/** `seed` (the state directory) chooses where the search for a free network begins. */
export function createClusterNetwork(seed: string): ClusterNetwork {
  return new LoopbackNetwork(seed);
}

class LoopbackNetwork implements ClusterNetwork {
  readonly #seed: number;
  readonly #pods = new Map<string, string>();
  readonly #ports = new Map<string, ReadonlyMap<number, number>>();
  readonly #usedPorts = new Set<number>();
  #nextPod: number = 0;
  #nextPort: number;
  #network = 0;
  #claim: Server | undefined;
  #opening: Promise<void> | undefined;

  constructor(seed: string) {
    this.#seed = hashNumber(seed);
    this.#nextPort = FIRST_HOST_PORT + ((this.#seed + process.pid * 97) % (LAST_HOST_PORT - FIRST_HOST_PORT));
  }

  async open(): Promise<void> {
    this.#opening ??= this.#claimNetwork();
    await this.#opening;
  }

  podAddress(podUid: string): string {
    const known = this.#pods.get(podUid);
    if (known !== undefined) return known;
    const used = new Set(this.#pods.values());
    for (;;) {
      const address = this.#addressOf(128 + (this.#nextPod >> 8), this.#nextPod & 255);
      this.#nextPod = (this.#nextPod + 1) % (128 * 256);
      if (used.has(address) || /\.(?:0|255)$/.test(address)) continue;
      this.#pods.set(podUid, address);
      return address;
    }
  }

  async allotPorts(podUid: string, containerPorts: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const known = this.#ports.get(podUid);
    if (known !== undefined) return known;
    const allotted = new Map<number, number>();
    for (const port of new Set(containerPorts)) allotted.set(port, await this.#freePort());
    this.#ports.set(podUid, allotted);
    return allotted;
  }

  portsOf(podUid: string): ReadonlyMap<number, number> | undefined {
    return this.#ports.get(podUid);
  }

  releasePod(podUid: string): void {
    for (const port of this.#ports.get(podUid)?.values() ?? []) this.#usedPorts.delete(port);
    this.#ports.delete(podUid);
    this.#pods.delete(podUid);
  }

  serviceAddress(serviceUid: string, taken: ReadonlySet<string>): string {
    const start = hashNumber(serviceUid);
    for (let step = 0; ; step += 1) {
      const number = (start + step) % (127 * 256);
      const address = this.#addressOf(1 + (number >> 8), number & 255);
      if (!taken.has(address) && !/\.(?:0|255)$/.test(address)) return address;
    }
  }

  isServiceAddress(address: string): boolean {
    const [first, second, third] = address.split('.').map(Number);
    return first === 127 && second === this.#network && third !== undefined && third >= 1 && third < 128;
  }

  async close(): Promise<void> {
    const claim = this.#claim;
    if (claim === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    claim.close(() => resolve());
    await promise;
  }

  #addressOf(third: number, fourth: number): string {
    return `127.${this.#network}.${third}.${fourth}`;
  }

  async #claimNetwork(): Promise<void> {
    for (let step = 0; step < NETWORKS; step += 1) {
      const network = FIRST_NETWORK + ((this.#seed + step) % NETWORKS);
      const claim = await listen(`127.${network}.0.1`, CLAIM_PORT);
      if (claim === undefined) continue;
      claim.unref();
      this.#claim = claim;
      this.#network = network;
      return;
    }
    throw new Error('every loopback network 127.16-253.0.0/16 is held by another local cluster');
  }

  async #freePort(): Promise<number> {
    for (let tries = 0; tries <= LAST_HOST_PORT - FIRST_HOST_PORT; tries += 1) {
      const port = this.#nextPort;
      this.#nextPort = port >= LAST_HOST_PORT ? FIRST_HOST_PORT : port + 1;
      if (this.#usedPorts.has(port)) continue;
      this.#usedPorts.add(port);
      if (await isFree(port)) return port;
      this.#usedPorts.delete(port);
    }
    throw new Error(`no free host port between ${FIRST_HOST_PORT} and ${LAST_HOST_PORT}`);
  }
}

function hashNumber(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

/** Free on every address, because apps listen on all of them. */
async function isFree(port: number): Promise<boolean> {
  const probe = await listen('0.0.0.0', port);
  if (probe === undefined) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  probe.close(() => resolve(true));
  return await promise;
}

async function listen(host: string, port: number): Promise<Server | undefined> {
  const { promise, resolve } = Promise.withResolvers<Server | undefined>();
  const server = createServer((socket) => socket.destroy());
  server.once('error', () => resolve(undefined));
  server.listen({ host, port, exclusive: true }, () => resolve(server));
  return await promise;
}
