/** What a handler answers, before it is written in the form that the client asked for. */

import type { Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ApiRefusal } from './api-refusal.ts';

/** Where a stream goes. */
export interface Sink {
  write(chunk: string): void;
  /** Resolves when the client has taken what was written, or is gone. Who writes much and does not wait is cut off. */
  ready(): Promise<void>;
  end(): void;
  /** Aborts when the client is gone or the server closes. */
  readonly gone: AbortSignal;
}

export interface ObjectResponse {
  readonly type: 'object';
  readonly code: 200 | 201 | 202;
  readonly object: KubeObject;
  /** Texts of Warning headers. */
  readonly warnings?: readonly string[];
}

export interface ListResponse {
  readonly type: 'list';
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

export interface JsonResponse {
  readonly type: 'json';
  readonly code: number;
  readonly body: Record<string, unknown>;
  readonly contentType?: string;
}

export interface TextResponse {
  readonly type: 'text';
  readonly code: number;
  readonly text: string;
  /** Default `text/plain`. */
  readonly contentType?: string;
}

export interface StreamResponse {
  readonly type: 'stream';
  readonly contentType: string;
  readonly run: (sink: Sink) => void;
}

export type ApiResponse = ObjectResponse | ListResponse | JsonResponse | TextResponse | StreamResponse;
export type ApiOutcome = Result<ApiResponse, ApiRefusal>;
