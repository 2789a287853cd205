/** Which lines of a container's log a client asked for, and how they are shown. */

/** The parameters of pods/log. */
export interface LogOptions {
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Lines before this time (ms since the epoch) are left out. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
}

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined;

const sinceOf = (query: URLSearchParams, now: Date): number | undefined => {
  const seconds = wholeNumber(query.get('sinceSeconds'));
  if (seconds !== undefined) return now.getTime() - seconds * 1000;
  const time = Date.parse(query.get('sinceTime') ?? '');
  return Number.isNaN(time) ? undefined : time;
};

/** Reads the parameters of a request. */
export const parseLogOptions = (query: URLSearchParams, now: Date): LogOptions => {
  const [tailLines, sinceMs, limitBytes] = [
    wholeNumber(query.get('tailLines')),
    sinceOf(query, now),
    wholeNumber(query.get('limitBytes')),
  ];
  return {
    timestamps: query.get('timestamps') === 'true',
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
};

/** A line of the file is `<RFC 3339 nano> stdout|stderr F|P <text>`; P means that the text has no line end yet. */
const CRI_LINE = /^(\S+) (?:stdout|stderr) ([FP])(?: (.*))?$/s;

/** Shows one line of the file; undefined when it is too old. A line in another form is shown as it is. */
export const showLine = (line: string, { timestamps, sinceMs }: LogOptions): string | undefined => {
  const [, time, tag = 'F', text = ''] = CRI_LINE.exec(line) ?? [];
  if (time === undefined) return `${line}\n`;
  if (sinceMs !== undefined && Date.parse(time) < sinceMs) return undefined;
  return `${timestamps ? `${time} ` : ''}${text}${tag === 'P' ? '' : '\n'}`;
};
