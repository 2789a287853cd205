/** Where an image may be had: the mirror of its registry first, then the registry itself; pure. */
import type { RegistryMirrors } from '@tekton-dag/model';

const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

const splitHost = (image: string): [host: string, rest: string] => {
  const slash = image.indexOf('/');
  const first = slash === -1 ? '' : image.slice(0, slash);
  if (first.includes('.') || first.includes(':') || first === 'localhost')
    return [first, image.slice(slash + 1)];
  // Names without a registry are Docker Hub's; one segment means its `library`.
  return ['docker.io', slash === -1 ? `library/${image}` : image];
};

/** `node:24` with `{docker.io: mirror.example/hub}` is `mirror.example/hub/library/node:24`, then `node:24`. */
export const mirrorCandidates = (image: string, mirrors: RegistryMirrors): string[] => {
  const [host, rest] = splitHost(image);
  const names = DOCKER_HUB.includes(host) ? DOCKER_HUB : [host];
  const mirror = names.map((name) => mirrors[name]).find((found) => found !== undefined);
  return mirror === undefined ? [image] : [`${mirror}/${rest}`, image];
};
