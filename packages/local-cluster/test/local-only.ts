/** The tests that say something of the local cluster alone, each with the reason; docs/local-cluster.md lists them. */

import { describe, it } from 'vitest';
import { isForeignCluster } from './cluster-fixture.ts';

/** Title of a test, or of a group of tests, to why no other cluster is asked. */
export const LOCAL_ONLY = {
  'is by secrets that only their owner can read': 'looks at files of the state directory',
  'a cluster that cannot start': 'starts clusters of its own',
  'a cluster that is killed': 'kills the cluster with -9',
  'a local cluster that is killed': 'kills the cluster with -9',
  'a cluster that was killed and is started again': 'kills the cluster with -9',
  'pods as processes of the host': 'looks at processes, directories and programs of the host',
  'services as forwarders of the host': 'looks at loopback addresses and at clusters side by side',
  'the git resolver': 'serves repositories on loopback addresses',
  'a TCP forwarder': 'runs a part of the local cluster without the cluster',
  'when expressions in CEL':
    'Tekton takes CEL only with its flag enable-cel-in-whenexpression, which is off by default',
} as const;

type Title = keyof typeof LOCAL_ONLY;

/** A group of tests for the local cluster alone. */
export const describeLocally = (title: Title, tests: () => void): void => {
  describe.skipIf(isForeignCluster)(title, tests);
};

/** A test for the local cluster alone. */
export const itLocally = (title: Title, test: () => void | Promise<void>): void => {
  it.skipIf(isForeignCluster)(title, test);
};
