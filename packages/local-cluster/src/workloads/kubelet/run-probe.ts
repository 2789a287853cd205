/** Runs one health check of a container: an HTTP request, a TCP connection or a command. */

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { err, ok, type Result } from '@tekton-dag/model';
import type { Container, Probe } from '../specs/pod-schema.ts';

export interface ProbeTarget {
  readonly container: Container;
  /** The pod's address. */
  readonly address: string;
  /** The host port of a declared container port; other ports are used as they are. */
  readonly hostPort: (containerPort: number) => number;
  /** Runs a command in the container's surroundings; gives exit code and output. */
  readonly execute: (
    command: readonly string[],
    timeoutMs: number,
  ) => Promise<{ exitCode: number; output: string }>;
}

/** What a failed check says, as kubelet words it. */
export type ProbeResult = Result<undefined, string>;

const MAX_BODY_SHOWN = 200;

/** Never throws; a check that takes longer than its timeout has failed. */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet !== undefined) return await checkHttp(probe.httpGet, target, timeoutMs);
  if (probe.tcpSocket !== undefined) {
    const port = resolvePort(probe.tcpSocket.port, target);
    return port === undefined
      ? unknownPort(probe.tcpSocket.port)
      : await checkTcp(probe.tcpSocket.host ?? target.address, port, timeoutMs);
  }
  if (probe.exec !== undefined) return await checkCommand(probe.exec.command ?? [], target, timeoutMs);
  return err('a local cluster has no probes of this kind');
}

type HttpGet = NonNullable<Probe['httpGet']>;

async function checkHttp(check: HttpGet, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  const port = resolvePort(check.port, target);
  if (port === undefined) return unknownPort(check.port);
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const send = check.scheme === 'HTTPS' ? httpsRequest : httpRequest;
  const request = send({
    host: check.host ?? target.address,
    port,
    path: check.path ?? '/',
    headers: httpHeaders(check),
    timeout: timeoutMs,
    agent: false,
    // Probes ask whether something answers, not who (Kubernetes does not verify either).
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(timeoutMs),
  });
  request.on('response', (response) => {
    const status = response.statusCode ?? 0;
    response.destroy();
    resolve(
      status >= 200 && status < 400 ? ok(undefined) : err(`HTTP probe failed with statuscode: ${status}`),
    );
  });
  request.on('error', (error) => resolve(err(`Get "${check.path ?? '/'}": ${error.message}`)));
  request.end();
  return await promise;
}

function httpHeaders({ httpHeaders = [] }: HttpGet): Record<string, string> {
  const given = Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value]));
  return { 'user-agent': 'kube-probe/local', ...given };
}

async function checkTcp(host: string, port: number, timeoutMs: number): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const socket = connect({ host, port, timeout: timeoutMs });
  socket.once('connect', () => resolve(ok(undefined)));
  socket.once('timeout', () => resolve(err(`dial tcp ${host}:${port}: i/o timeout`)));
  socket.once('error', (error) => resolve(err(`dial tcp ${host}:${port}: ${error.message}`)));
  return await promise.finally(() => socket.destroy());
}

async function checkCommand(
  command: readonly string[],
  target: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  const { exitCode, output } = await target.execute(command, timeoutMs);
  return exitCode === 0
    ? ok(undefined)
    : err(output.slice(0, MAX_BODY_SHOWN) || `command exited with ${exitCode}`);
}

function resolvePort(port: string | number, { container, hostPort }: ProbeTarget): number | undefined {
  const number =
    typeof port === 'number' ? port : container.ports?.find((each) => each.name === port)?.containerPort;
  return number === undefined ? undefined : hostPort(number);
}

function unknownPort(port: string | number): ProbeResult {
  return err(`the container has no port named ${JSON.stringify(port)}`);
}
