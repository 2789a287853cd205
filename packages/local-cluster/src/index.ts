/** The embedded cluster: Kubernetes-style API, Tekton executor, workloads as processes, registry; one process. */

export type { KubeObject } from './contracts/kube-object.ts';
