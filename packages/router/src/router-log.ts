/** Where the router writes what happens to it; a pino logger fits. Values of headers are never logged. */
export interface RouterLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
