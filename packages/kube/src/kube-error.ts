/** The two faults of the client: the API refused (KubeError), or it could not be reached (KubeUnreachableError). */

/** The Status object that the API answers with on refusal (Kubernetes API conventions, "Response Status Kind"). */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly {
    readonly reason?: string;
    readonly message?: string;
    readonly field?: string;
  }[];
  readonly retryAfterSeconds?: number;
}

interface RefusalFields {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: StatusDetails | undefined;
}

/** The API refused a request; `reason` is spelled as Kubernetes spells it: NotFound, AlreadyExists, Conflict, Expired. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly status: number;
  readonly reason: string;
  readonly details: StatusDetails;

  constructor(fields: RefusalFields) {
    super(fields.message);
    this.status = fields.status;
    this.reason = fields.reason;
    this.details = fields.details ?? {};
  }
}

/** No usable answer: refused connection, TLS failure, timeout, or a body that is not what the API speaks. */
export class KubeUnreachableError extends Error {
  override readonly name = 'KubeUnreachableError';
  /** The system's code where there is one, e.g. ECONNREFUSED. */
  readonly code: string | undefined;

  constructor(message: string, options: { cause?: unknown; code?: string | undefined } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code;
  }
}

/** True for a refusal with exactly this reason, e.g. `isRefusal(error, 'AlreadyExists')`. */
export function isRefusal(error: unknown, reason: string): error is KubeError {
  return error instanceof KubeError && error.reason === reason;
}

/** Reasons for answers whose body is not a Status object, e.g. from a proxy in front of the API. */
const REASON_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

interface StatusBody {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: StatusDetails;
}

function readStatusBody(text: string): StatusBody {
  try {
    const body: StatusBody | null = JSON.parse(text);
    return body !== null && typeof body === 'object' && body.kind === 'Status' ? body : {};
  } catch {
    return {};
  }
}

/** Builds the error for an HTTP answer of 400 or more; `text` is its body. */
export function createKubeError(status: number, text: string): KubeError {
  const body = readStatusBody(text);
  const reason = body.reason ?? REASON_BY_STATUS[status] ?? 'Unknown';
  const message = body.message ?? `the API answered ${status} ${text.slice(0, 200)}`.trim();
  return new KubeError({ status, reason, message, details: body.details });
}

/** Builds the error for the Status object of an ERROR event in a watch. */
export function createWatchError(object: unknown): KubeError {
  const text = JSON.stringify(object);
  return createKubeError(readStatusBody(text).code ?? 500, text);
}
