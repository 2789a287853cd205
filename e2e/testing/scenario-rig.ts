/** ScenarioRig: what a scenario needs of a rig, whether its cluster is a laptop's or a real one. */

import type { KubeClient } from '@tekton-dag/kube';
import type { TempForge } from '@tekton-dag/steps/testing';
import type { Pushes } from '../rig/create-pushes.ts';
import type { RigCli } from '../rig/create-rig-cli.ts';
import type { RigRuns } from '../rig/create-rig-runs.ts';
import type { Steering } from '../rig/steering.ts';

export interface ScenarioRig extends AsyncDisposable, Pushes, RigRuns {
  readonly client: KubeClient;
  /** Where the runs are. */
  readonly namespace: string;
  readonly steering: Steering;
  readonly cli: RigCli;
  steeredCommand(name: string): string;
}

/** With the forge itself, for repositories that are neither the platform nor an app. */
export interface ForgeRig extends ScenarioRig {
  readonly forge: TempForge;
  /** Path, for kubectl. */
  readonly kubeconfig: string;
}

/** Starts it for one file of tests. */
export type OpenScenarioRig = () => Promise<ScenarioRig>;
