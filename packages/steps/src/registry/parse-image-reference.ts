/** Names of images: which registry, which repository, which tag or digest. */
import { err, ok, type Result } from '@tekton-dag/model';

export interface ImageReference {
  /** Host with port, as the registry's API is reached. */
  readonly registry: string;
  readonly repository: string;
  /** Tag or digest; `latest` when the text has none. */
  readonly reference: string;
}

const REPOSITORY = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;
const REGISTRY = /^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9a-f:]+\](:[0-9]{1,5})?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

const isRegistryHost = (text: string): boolean =>
  text.includes('.') || text.includes(':') || text === 'localhost';

const splitReference = (text: string): [name: string, reference: string] => {
  const at = text.indexOf('@');
  if (at !== -1) return [text.slice(0, at).replace(/:[^:/]+$/, ''), text.slice(at + 1)];
  const colon = text.lastIndexOf(':');
  return colon > text.lastIndexOf('/') ? [text.slice(0, colon), text.slice(colon + 1)] : [text, 'latest'];
};

const splitRegistry = (name: string): [registry: string, repository: string] => {
  const slash = name.indexOf('/');
  if (slash !== -1 && isRegistryHost(name.slice(0, slash)))
    return [name.slice(0, slash), name.slice(slash + 1)];
  // Names without a registry are Docker Hub's; one segment means its `library`.
  return ['registry-1.docker.io', slash === -1 ? `library/${name}` : name];
};

/** Parses `host[:port]/path[:tag][@digest]` (OCI distribution spec, Pulling manifests). */
export const parseImageReference = (text: string): Result<ImageReference, string> => {
  const [name, reference] = splitReference(text);
  const [host, repository] = splitRegistry(name);
  const registry = host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host;
  if (!REGISTRY.test(registry) || !REPOSITORY.test(repository))
    return err(`${JSON.stringify(text)} is not an image name`);
  if (!TAG.test(reference) && !DIGEST.test(reference))
    return err(`${JSON.stringify(reference)} is not a tag or digest`);
  return ok({ registry, repository, reference });
};
