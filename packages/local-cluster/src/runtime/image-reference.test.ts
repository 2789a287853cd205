import { describe, expect, it } from 'vitest';
import { parseImageReference } from './image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('an image reference', () => {
  it.each([
    ['busybox', { repository: 'busybox', reference: 'latest', name: 'busybox' }],
    ['busybox:1', { repository: 'busybox', reference: '1', name: 'busybox' }],
    ['acme/app:v1', { repository: 'acme/app', reference: 'v1', name: 'app' }],
    ['localhost:5000/app', { host: 'localhost:5000', repository: 'app', reference: 'latest', name: 'app' }],
    [
      'ghcr.io/acme/tekton-dag:0.1.0',
      { host: 'ghcr.io', repository: 'acme/tekton-dag', reference: '0.1.0', name: 'tekton-dag' },
    ],
    [
      `127.0.0.1:5000/acme/app:v1@${digest}`,
      { host: '127.0.0.1:5000', repository: 'acme/app', reference: digest, name: 'app' },
    ],
  ])('takes %s apart', (image, parts) => {
    expect(parseImageReference(image)).toEqual(parts);
  });
});
