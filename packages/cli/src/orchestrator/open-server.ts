/** openServer: the orchestrator's API, as a command calls it. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { sendRequest } from './send-request.ts';
import type { ServerOptions } from './server-options.ts';

export interface Server {
  /** Throws a CliFailure when the server refuses, cannot be reached, or answers something else than `schema`. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<Answer<T>>;
  post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<Answer<T>>;
}

export interface Answer<T> {
  readonly value: T;
  /** Of the next page of a list. */
  readonly nextCursor: string | undefined;
}

const LOCAL = /^(?:localhost|127\.[\d.]+|\[::1\])$/;

const problem = z.object({ title: z.string(), detail: z.string().optional(), code: z.string().optional() });

export async function openServer(host: CliHost, options: ServerOptions): Promise<Server> {
  const url = readUrl(host, options);
  const token = await readToken(host, options);
  const request = async <T>(method: string, path: string, sent: Sent<T>): Promise<Answer<T>> => {
    const response = await sendRequest(host, new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...contentType(sent.body) },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    return readAnswer(response, sent.schema);
  };
  return {
    get: (path, schema) => request('GET', path, { schema }),
    post: (path, body, schema) => request('POST', path, { schema, body }),
  };
}

interface Sent<T> {
  readonly schema: z.ZodType<T>;
  readonly body?: object;
}

function contentType(body: object | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

/** The token goes there: only over TLS, within the cluster's own network, or to this machine. */
function readUrl(host: CliHost, { server }: ServerOptions): URL {
  const text = server?.href ?? host.env['TEKTON_DAG_SERVER'] ?? '';
  if (text === '') {
    throw new CliFailure(EXIT.usage, 'which orchestrator?', 'pass --server <url> or set TEKTON_DAG_SERVER');
  }
  if (!URL.canParse(text) || !isSafe(new URL(text))) {
    throw new CliFailure(
      EXIT.usage,
      `${text}: the token is sent to https URLs only`,
      'or forward the port: kubectl port-forward',
    );
  }
  return new URL(text);
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isInside(hostname));
}

function isInside(hostname: string): boolean {
  return LOCAL.test(hostname) || /\.svc(?:\.cluster\.local)?$/.test(hostname);
}

async function readToken(host: CliHost, { tokenFile }: ServerOptions): Promise<string> {
  const file = tokenFile ?? host.env['TEKTON_DAG_TOKEN_FILE'] ?? '';
  if (file === '') {
    throw new CliFailure(EXIT.usage, 'no token', 'pass --token-file <file> or set TEKTON_DAG_TOKEN_FILE');
  }
  const text = await readFile(resolve(host.cwd, file), 'utf8').catch(() => '');
  const token = text.trim();
  // An HTTP header can hold nothing else (RFC 9110, section 5.5).
  if (/^[\x20-\x7e]+$/.test(token)) return token;
  throw new CliFailure(EXIT.invalidInput, `${file} holds no token`);
}

async function readAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<Answer<T>> {
  const json = await response.json().catch((): unknown => undefined);
  if (!response.ok) throw refusal(response, json);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new CliFailure(EXIT.unreachable, `${response.url} answers what this version does not understand`);
  }
  return { value: parsed.data, nextCursor: response.headers.get('x-next-cursor') ?? undefined };
}

function refusal({ status, url }: Response, json: unknown): CliFailure {
  const said = problem.safeParse(json);
  const words = said.success ? [said.data.title, said.data.detail].filter((text) => text !== undefined) : [];
  const message = `${status} ${words.length === 0 ? `from ${url}` : words.join(': ')}`;
  return new CliFailure(status < 500 && status >= 400 ? EXIT.invalidInput : EXIT.unreachable, message);
}
