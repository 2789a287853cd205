/** Takes an image reference apart as the OCI distribution spec and Docker name images. */

export interface ImageReference {
  /** host[:port], or undefined for a short name such as `busybox:1`. */
  readonly host?: string;
  readonly repository: string;
  /** Tag or digest; `latest` when the reference has neither. */
  readonly reference: string;
  /** The last path segment without tag and digest, e.g. `tekton-dag`. */
  readonly name: string;
}

/** Splits `host/repository[:tag][@digest]`; never fails, a nonsense reference gives a name that no registry has. */
export function parseImageReference(image: string): ImageReference {
  const [tagged = '', digest] = image.split('@', 2);
  const slash = tagged.indexOf('/');
  const first = slash === -1 ? '' : tagged.slice(0, slash);
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const path = hasHost ? tagged.slice(slash + 1) : tagged;
  const colon = path.lastIndexOf(':');
  const repository = colon === -1 ? path : path.slice(0, colon);
  return {
    ...(hasHost ? { host: first } : {}),
    repository,
    reference: digest ?? (colon === -1 ? 'latest' : path.slice(colon + 1)),
    name: repository.slice(repository.lastIndexOf('/') + 1),
  };
}
