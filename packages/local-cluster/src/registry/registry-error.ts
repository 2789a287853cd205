/** The registry's refusals, with the codes of the OCI distribution spec v1.1 ("Error Codes"). */

const STATUS = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 413,
  DENIED: 403,
  UNSUPPORTED: 405,
  RANGE_INVALID: 416,
} as const;

export type RegistryErrorCode = keyof typeof STATUS;

/** A refusal; thrown by the handlers and answered once, at the HTTP edge. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly status: number;

  constructor(code: RegistryErrorCode, message: string) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
  }

  /** The body of the answer, `{errors: [{code, message}]}`. */
  toJSON(): { errors: { code: string; message: string }[] } {
    const code = this.code === 'RANGE_INVALID' ? 'BLOB_UPLOAD_INVALID' : this.code;
    return { errors: [{ code, message: this.message }] };
  }
}
