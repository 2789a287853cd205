/** sendToGitea: requests to Gitea's API with a token. */

import { readFile } from 'node:fs/promises';
import type { ForgeEntry } from '../forge-file.ts';
import type { ForgeAnswer, SendToForge } from '../forge-request.ts';

export function sendToGitea(entry: ForgeEntry): SendToForge {
  const base = (entry.apiUrl ?? `https://${entry.host}/api/v1`).replace(/\/+$/, '');
  let token: string | undefined;
  return async ({ method, path, query, body }, headers, signal) => {
    token ??= (await readFile(entry.tokenFile ?? '', 'utf8')).trim();
    const url = new URL(`${base}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
    const response = await fetch(url, {
      method,
      signal,
      // A redirect would carry the token to wherever it leads.
      redirect: 'error',
      headers: {
        ...headers,
        accept: 'application/json',
        authorization: `token ${token}`,
        'user-agent': 'tekton-dag',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 401) token = undefined;
    return toAnswer(response);
  };
}

async function toAnswer(response: Response): Promise<ForgeAnswer> {
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), data: parse(text) };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return { message: text };
  }
}
