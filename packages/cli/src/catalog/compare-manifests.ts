/** compareManifests: what applying manifests to a namespace would change, object by object. */

import type { GenericObject, KubeClient } from '@tekton-dag/kube';
import { previewManifest, resourceOf } from './apply-manifest.ts';
import { findDifferences, type Difference } from './find-differences.ts';
import { labelOf, type Manifest } from './manifest.ts';

/** One object; `differences` is empty unless it differs. */
export interface Comparison {
  readonly manifest: Manifest;
  readonly state: 'missing' | 'differs' | 'same';
  readonly differences: readonly Difference[];
}

/** In the order of the manifests. Asks the server what it would store, so its defaults are no difference. */
export function compareManifests(
  client: KubeClient,
  namespace: string,
  manifests: readonly Manifest[],
): Promise<Comparison[]> {
  return Promise.all(manifests.map((manifest) => compareManifest(client, namespace, manifest)));
}

async function compareManifest(
  client: KubeClient,
  namespace: string,
  manifest: Manifest,
): Promise<Comparison> {
  const present = await resourceOf(client, manifest, namespace).get(manifest.metadata.name);
  if (present === undefined) return { manifest, state: 'missing', differences: [] };
  const wanted: GenericObject = (await previewManifest(client, manifest, namespace)) ?? manifest;
  const differences = findDifferences(present, wanted);
  return { manifest, state: differences.length === 0 ? 'same' : 'differs', differences };
}

/** Lines for people: the object, then each place that differs; long values are cut. */
export function renderComparison({ manifest, state, differences }: Comparison): string[] {
  const words = { missing: 'is missing', differs: 'differs', same: 'is the same' };
  return [
    `${labelOf(manifest)} ${words[state]}`,
    ...differences.map(({ path, present, wanted }) => `  ${path}: ${shorten(present)} -> ${shorten(wanted)}`),
  ];
}

const SHOWN_CHARACTERS = 60;

function shorten(value: unknown): string {
  const text = value === undefined ? '(none)' : JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}
