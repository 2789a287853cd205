/** Writes a container's output as CRI log lines: `<RFC 3339 nano> <stream> <F|P> <text>`. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type OutputStream = 'stdout' | 'stderr';

/** An open log; whole lines are written as they come, the rest of a line when it ends or the log is closed. */
export interface CriLog {
  write(stream: OutputStream, chunk: Buffer): void;
  close(): void;
}

/** Longer lines are cut into parts tagged P, the last one F, as containerd does. */
const MAX_LINE_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

/** Opens `path` for appending. After `maxBytes` a notice is written and the rest of the output is dropped. */
export function openCriLog(path: string, maxBytes: number): CriLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a', 0o600);
  const pending: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let left = maxBytes;
  let open = true;

  const append = (bytes: Buffer): void => {
    if (left <= 0) return;
    left -= bytes.length;
    writeSync(file, bytes);
    if (left <= 0)
      writeSync(file, renderLine('stderr', 'F', Buffer.from(`[log cut after ${maxBytes} bytes]`)));
  };

  return {
    write(stream, chunk) {
      if (!open || left <= 0) return;
      const { lines, rest } = splitLines(stream, Buffer.concat([pending[stream], chunk]));
      pending[stream] = rest;
      if (lines.length > 0) append(Buffer.concat(lines));
    },
    close() {
      if (!open) return;
      open = false;
      for (const stream of ['stdout', 'stderr'] as const) {
        if (pending[stream].length > 0) append(renderLine(stream, 'P', pending[stream]));
      }
      closeSync(file);
    },
  };
}

function splitLines(stream: OutputStream, bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    if (end - start > MAX_LINE_BYTES) {
      lines.push(renderLine(stream, 'P', bytes.subarray(start, start + MAX_LINE_BYTES)));
      start += MAX_LINE_BYTES;
    } else if (newline === -1) {
      break;
    } else {
      lines.push(renderLine(stream, 'F', bytes.subarray(start, end)));
      start = end + 1;
    }
  }
  return { lines, rest: bytes.subarray(start) };
}

function renderLine(stream: OutputStream, tag: 'F' | 'P', text: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${nanoTimestamp()} ${stream} ${tag} `), text, Buffer.from('\n')]);
}

/** The time now with nine digits, from the monotonic clock, so that lines of one process never go back. */
function nanoTimestamp(): string {
  const microseconds = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  const milliseconds = Math.floor(microseconds / 1000);
  const fraction = String(microseconds % 1000).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('Z', `${fraction}000Z`);
}
