/** The embedded cluster: Kubernetes-style API, Tekton executor, workloads as processes, registry; one process. */

export { ClusterStartError, type ClusterStartCode } from './cluster-start-error.ts';
export type { Log } from './contracts/cluster-context.ts';
export type { KubeObject } from './contracts/kube-object.ts';
export { startLocalCluster, type LocalCluster, type LocalClusterOptions } from './start-local-cluster.ts';
