/** contentKeyOf: the name of an image's content, so that the same content is built once. */

import { hashHex } from '../hash.ts';
import type { Build } from '../stack/stack.ts';

/** Moves when the way images are made changes, so that no older image is taken for a new one. */
export const BUILDER_VERSION = '1';

export interface ImageContent {
  /** Git tree of the context directory, hex. */
  readonly tree: string;
  readonly build: Build;
  readonly dockerfile: string;
  readonly compileImage?: string;
}

/** 32 hex characters; equal exactly when what determines the image is equal. */
export function contentKeyOf({ tree, build, dockerfile, compileImage }: ImageContent): string {
  return hashHex([BUILDER_VERSION, tree.toLowerCase(), build, dockerfile, compileImage ?? null]).slice(0, 32);
}

/** The tag that an image of this content always has. */
export function contentTagOf(contentKey: string): string {
  return `c-${contentKey}`;
}
