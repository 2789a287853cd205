/** Whether the registry of an image is spoken to over plain HTTP; pure. */
import { isPlainHttp } from './is-plain-http.ts';
import { parseImageReference } from './parse-image-reference.ts';

/** `insecureRegistries` as in param insecure-registries; false for text that is no image name. */
export const isPlainHttpImage = (image: string, insecureRegistries?: string): boolean => {
  const parsed = parseImageReference(image);
  return parsed.ok && isPlainHttp(parsed.value.registry, insecureRegistries);
};
