/** Carries one request to a backend and its answer back, both streaming, with back-pressure and trailers. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint } from '../table/route-table.ts';
import { answerProblem, closeIfBodyIsWithheld } from './answer-problem.ts';
import { hasBody, openExchange, type ExchangeOptions, type OpenFailure } from './open-exchange.ts';
import { endToEndHeaders, headerPairs } from './raw-headers.ts';

export interface ForwardOptions extends Omit<
  ExchangeOptions,
  'isWanted' | 'onAttempt' | 'onConnected' | 'onFailure'
> {
  readonly response: ServerResponse;
  /** Changes the fields of the answer; gets and gives a flat list. */
  readonly editAnswer: (headers: string[], endpoint: Endpoint) => string[];
  /** Called exactly once, before the caller can see the head of the answer; no endpoint when none answered. */
  readonly onHead: (status: number, endpoint: Endpoint | undefined) => void;
}

/** Status that records say when the caller went away before there was an answer (as nginx and others have it). */
const CLIENT_CLOSED_REQUEST = 499;

export function forwardExchange(options: ForwardOptions): void {
  const { request, response } = options;
  let current: ClientRequest | undefined;
  let isAnswered = false;
  const answer = (status: number, endpoint?: Endpoint): void => {
    if (isAnswered) return;
    isAnswered = true;
    options.onHead(status, endpoint);
  };
  // Fires after the answer too: then it ends an upload that the backend did not wait for.
  response.once('close', () => {
    answer(CLIENT_CLOSED_REQUEST);
    if (current?.writableFinished !== true || !response.writableFinished) current?.destroy();
    // What is left of an upload is dropped, so that the next request on the connection can be read.
    if (!request.complete) request.unpipe().resume();
  });
  openExchange({
    ...options,
    isWanted: () => !response.destroyed,
    onAttempt: (outgoing, endpoint) => {
      current = outgoing;
      relayInterim(outgoing, response);
      outgoing.once('response', (incoming: IncomingMessage) => {
        answer(incoming.statusCode ?? 502, endpoint);
        relayAnswer(options, incoming, endpoint);
      });
    },
    onConnected: (outgoing) => sendBody(request, outgoing),
    onFailure: (failure) => {
      // After the head of the answer its own end decides: an upload may fail although the answer is whole.
      if (isAnswered) return;
      const { status, detail } = FAILURE_ANSWERS[failure];
      answer(status);
      answerProblem(response, status, detail);
    },
  });
}

function sendBody(request: IncomingMessage, outgoing: ClientRequest): void {
  if (!hasBody(request)) {
    outgoing.end();
    return;
  }
  // The backend shall see the head at once, not with the first byte of a body that may be slow to come.
  outgoing.flushHeaders();
  request.pipe(outgoing, { end: false });
  request.once('end', () => {
    if (request.rawTrailers.length > 0) outgoing.addTrailers(headerPairs(request.rawTrailers));
    outgoing.end();
  });
}

/** 1xx answers go through as they come (RFC 9110, section 15.2). */
function relayInterim(outgoing: ClientRequest, response: ServerResponse): void {
  outgoing.on('continue', () => {
    if (!response.headersSent) response.writeContinue();
  });
  outgoing.on('information', ({ statusCode, headers }) => {
    if (response.headersSent) return;
    if (statusCode === 102) response.writeProcessing();
    else if (statusCode === 103 && typeof headers['link'] === 'string')
      response.writeEarlyHints({ link: headers['link'] });
  });
}

function relayAnswer(options: ForwardOptions, incoming: IncomingMessage, endpoint: Endpoint): void {
  const { request, response } = options;
  if (response.destroyed) {
    incoming.destroy();
    return;
  }
  closeIfBodyIsWithheld(response);
  if (!writeHead(options, incoming, endpoint)) {
    incoming.destroy();
    return;
  }
  incoming.on('error', () => incoming.destroy());
  incoming.pipe(response, { end: false });
  setImmediate(() => {
    if (!incoming.readableDidRead && !response.writableEnded && !response.destroyed) response.flushHeaders();
  });
  incoming.once('end', () => {
    if (incoming.rawTrailers.length > 0 && sendsTrailers(request, incoming)) {
      response.addTrailers(headerPairs(incoming.rawTrailers));
    }
    response.end();
  });
  incoming.once('close', () => {
    // A backend that broke off must not look like one that finished.
    if (!incoming.complete) response.destroy();
  });
}

const KEEP_TRAILER: ReadonlySet<string> = new Set(['trailer']);
const KEEP_NOTHING: ReadonlySet<string> = new Set();

function writeHead(options: ForwardOptions, incoming: IncomingMessage, endpoint: Endpoint): boolean {
  const { request, response } = options;
  const kept = endToEndHeaders(
    incoming.rawHeaders,
    sendsTrailers(request, incoming) ? KEEP_TRAILER : KEEP_NOTHING,
  );
  response.sendDate = false;
  try {
    response.writeHead(
      incoming.statusCode ?? 502,
      incoming.statusMessage,
      options.editAnswer(kept, endpoint),
    );
    return true;
  } catch {
    answerProblem(response, 502, 'The backend sent a head that cannot be passed on.');
    return false;
  }
}

/** Trailers need chunked coding on both sides; node:http uses it towards HTTP/1.1 when the length is not known. */
function sendsTrailers(request: IncomingMessage, incoming: IncomingMessage): boolean {
  return (
    request.httpVersion === '1.1' &&
    request.method !== 'HEAD' &&
    incoming.headers['transfer-encoding'] !== undefined
  );
}

const FAILURE_ANSWERS: Readonly<Record<OpenFailure, { readonly status: number; readonly detail: string }>> = {
  'connect-failed': { status: 503, detail: 'No endpoint of the backend accepts connections.' },
  'connect-timeout': { status: 504, detail: 'No endpoint of the backend accepted a connection in time.' },
  'backend-reset': { status: 502, detail: 'The backend closed the connection before it answered.' },
  'invalid-answer': { status: 502, detail: 'The backend sent an answer that is not valid HTTP/1.1.' },
  'invalid-request': { status: 400, detail: 'The request cannot be passed on.' },
};
