/** ImageBuild: one image to make, with all that is known before anything is read or started. */

/** What FROM names. */
export type ImageBase =
  | { readonly kind: 'reference'; readonly reference: string }
  /** Another image of the same plan, made before this one. */
  | { readonly kind: 'planned'; readonly reference: string };

export interface ImageBuild {
  /** Last part of the image's name. */
  readonly name: string;
  readonly tag: string;
  /** Names that the image gets, with registry and tag; the first is its own. */
  readonly references: readonly [string, ...string[]];
  readonly title: string;
  readonly description: string;
  /** Absolute paths. */
  readonly dockerfile: string;
  readonly context: string;
  readonly base: ImageBase;
  readonly args: Readonly<Record<string, string>>;
}
