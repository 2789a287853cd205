/**
 * No secret leaves the process: not in a log line, an answer, a metric, an event, a trace, a report or an object. Each
 * secret of the settings is a canary, and everything that is said during the life of a pull request is searched for it.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { startConversationRig, type ConversationRig } from './conversation-rig.ts';
import { eventually } from './eventually.ts';
import { API_TOKEN, NAMESPACE, NEXT_SECRET, WEBHOOK_SECRET } from './orchestrator-rig.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';

const SINK_TOKEN = 'canary-of-the-event-sink';
/** A stream that says nothing for so long has said what it had. */
const QUIET_MS = 2_000;
const NAMED_SECRET = 'canary of the webhook secret of team default';
const COLLECTOR_TOKEN = 'canary-of-the-trace-collector';

/** Takes anything; gives the bodies, which are what was told. The tokens are in the headers, where they belong. */
async function startListener(): Promise<
  AsyncDisposable & { readonly url: string; readonly bodies: string[] }
> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(200).end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Every GET of the OpenAPI document, about this run and delivery; of a stream what comes at once. */
async function askEverything(
  { rig }: ConversationRig,
  run: string,
  delivery: string,
): Promise<readonly string[]> {
  const document = documentSchema.parse(await (await rig.call('GET', '/openapi.json')).json());
  const paths = Object.entries(document.paths).filter(([, methods]) => 'get' in methods);
  const values: Readonly<Record<string, string>> = {
    namespace: NAMESPACE,
    name: run,
    host: 'github.com',
    id: delivery,
  };
  const answers = paths.map(async ([path]) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, key: string) => values[key] ?? 'x');
    const query = path === '/api/test-plan' ? '?app=demo-api' : path === '/api/events' ? '?from=start' : '';
    return readSome(await rig.call('GET', `${filled}${query}`));
  });
  return [...(await Promise.all(answers)), await readSome(await rig.call('GET', '/api/nothing'))];
}

async function readSome(answer: Response): Promise<string> {
  const type = answer.headers.get('content-type') ?? '';
  const headers = JSON.stringify([...answer.headers]);
  if (!type.startsWith('text/event-stream') || answer.body === null)
    return `${headers}${await answer.text()}`;
  const reader = answer.body.getReader();
  const chunks: string[] = [];
  // The first lines are the stream's own; what follows is there at once, or nothing is.
  while (chunks.length < 3) {
    const next = await Promise.race([reader.read(), setTimeout(QUIET_MS, undefined)]);
    if (next?.value === undefined) break;
    chunks.push(new TextDecoder().decode(next.value));
  }
  await reader.cancel();
  return [headers, ...chunks].join('');
}

async function makeTrouble({ rig }: ConversationRig): Promise<readonly string[]> {
  rig.api.failNext({ status: 503, reason: 'ServiceUnavailable', method: 'POST', path: 'pipelineruns' });
  const forged = await rig.send(signDelivery(pullRequestPayload(), { secret: 'guess' }));
  const wrong = await rig.call('POST', '/api/run', { changed_app: 'x' });
  const stolen = await fetch(`${rig.url}/api/runs`, { headers: { authorization: `Bearer ${API_TOKEN}x` } });
  const pathless = await rig.call('GET', `/api/runs/${NAMESPACE}/${encodeURIComponent(API_TOKEN)}`);
  const { headers, body } = signDelivery(pullRequestPayload({ number: 9 }), { secret: NAMED_SECRET });
  const named = await fetch(`${rig.url}/webhook/github/default`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  return [
    await named.text(),
    await forged.text(),
    await wrong.text(),
    await stolen.text(),
    String(pathless.status),
  ];
}

it('keeps its secrets through the whole life of a pull request, good requests and bad ones', async () => {
  const said: string[] = [];
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-secrecy-'));
  await writeFile(join(directory, 'sink'), SINK_TOKEN);
  await mkdir(join(directory, 'named'));
  await writeFile(join(directory, 'named/default'), NAMED_SECRET);
  await using sink = await startListener();
  await using collector = await startListener();
  await using all = await startConversationRig({
    onLog: (line) => said.push(line),
    env: {
      TEKTON_DAG_WEBHOOK_SECRETS_DIR: join(directory, 'named'),
      TEKTON_DAG_EVENTS_SINK_URL: `${sink.url}/events`,
      TEKTON_DAG_EVENTS_SINK_TOKEN_FILE: join(directory, 'sink'),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${COLLECTOR_TOKEN}`,
    },
  });
  said.push(...(await makeTrouble(all)));
  const { pipelinerun = '', delivery = '' } = await all.openPullRequest({ number: 1 });
  await all.say(1, 'stranger', '/test');
  await all.finish(pipelinerun, 'False', {});
  await eventually(() => all.commentOn(1)).toBeDefined();
  await eventually(() => sink.bodies.some((body) => body.includes('pipelinerun.finished'))).toBe(true);
  await eventually(() => collector.bodies.length).toBeGreaterThan(0);
  said.push(...(await askEverything(all, pipelinerun, delivery)));
  said.push(JSON.stringify(all.rig.api.requests), JSON.stringify(await all.rig.runs()));
  said.push(...sink.bodies, ...collector.bodies, all.commentOn(1) ?? '');
  said.push(JSON.stringify(all.checkOf((await headOf(all)) ?? '')));

  const everything = said.join('\n');
  for (const proof of ['run created', 'tekton_dag_build_info', 'dev.cdevents', 'resourceSpans', '"openapi"'])
    expect(everything).toContain(proof);
  const secrets = [
    WEBHOOK_SECRET,
    NEXT_SECRET,
    API_TOKEN,
    all.forge.token,
    NAMED_SECRET,
    SINK_TOKEN,
    COLLECTOR_TOKEN,
  ];
  for (const secret of secrets) expect(said.filter((text) => text.includes(secret))).toEqual([]);
  await rm(directory, { recursive: true });
});

async function headOf(all: ConversationRig): Promise<string | undefined> {
  const [run] = await all.runsOf(1);
  return run?.metadata.annotations?.['tekton-dag.io/sha'];
}
