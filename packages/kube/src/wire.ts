/** Wire: turns the generated Kubernetes types into what JSON really holds. */

/** `_from` in the generated types is `from` on the wire. */
type WireKey<K> = K extends `_${infer Name}` ? Name : K;

/** The generated types say Date where the API sends RFC 3339 text, and prefix reserved words with an underscore. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Element)[]
    ? Wire<Element>[]
    : T extends object
      ? { [K in keyof T as WireKey<K>]: Wire<T[K]> }
      : T;
