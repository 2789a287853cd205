/** sendHttp: undici's request, loaded by the first call: a step must say its first line before it pays for the library. */
import type { Dispatcher } from 'undici';

export type HttpOptions = Pick<Dispatcher.RequestOptions, 'headers' | 'body' | 'signal'> & {
  /** Default GET. */
  readonly method?: Dispatcher.HttpMethod;
};

/** Rejects when no answer comes or the signal aborts; every status is an answer. The body must be read or dumped. */
export const sendHttp = async (url: string | URL, options: HttpOptions): Promise<Dispatcher.ResponseData> => {
  const { request } = await import('undici');
  return await request(url, options);
};
