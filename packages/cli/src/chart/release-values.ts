/** releaseValues: the values of what a release has beside its service: names, image, catalog, accounts, apps, tests. */

import { z } from 'zod';
import { text } from '@tekton-dag/model';
import { annotations, imagePullSecrets, labels } from './kubernetes-values.ts';
import { furtherTeam } from './team-keys.ts';
import { formatOrEmpty, objectNameOrEmpty, orEmpty, quantity } from './values-text.ts';

const image = z.strictObject({
  registry: formatOrEmpty('imageRegistry'),
  repository: z
    .string()
    .regex(/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/, 'write the path of an image without its tag'),
  tag: formatOrEmpty('imageTag'),
  digest: orEmpty(/^sha256:[a-f0-9]{64}$/, 'write sha256: and 64 hexadecimal digits'),
  pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
});

const catalog = z.strictObject({
  source: z.enum(['chart', 'existing', 'git']),
  revision: orEmpty(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, 'write the whole commit: 40 or 64 hexadecimal digits'),
  url: formatOrEmpty('gitUrl'),
});

const serviceAccounts = z.strictObject({
  create: z.boolean(),
  annotations,
  imagePullSecrets,
});

const apps = z.strictObject({
  defaultNamespace: formatOrEmpty('label'),
  namespaces: z.array(text('label')),
  createNamespaces: z.boolean(),
  namespaceLabels: labels,
  rbac: z.strictObject({ create: z.boolean() }).partial(),
  serviceAccounts: z.strictObject({ create: z.boolean() }).partial(),
});

const ACCESS_MODES = ['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'] as const;

const buildCache = z.strictObject({
  create: z.boolean(),
  size: quantity,
  storageClassName: objectNameOrEmpty,
  accessModes: z.array(z.enum(ACCESS_MODES)).min(1),
});

const triggers = z.strictObject({
  enabled: z.boolean(),
  forge: z.enum(['github', 'gitea']),
  clusterRole: z.strictObject({ create: z.boolean() }).partial(),
  webhookSecret: z.strictObject({ name: objectNameOrEmpty, key: z.string().min(1) }).partial(),
});

const tests = z.strictObject({ enabled: z.boolean(), timeoutSeconds: z.int().min(1).max(86_400) });

export const releaseValues = {
  teams: z.array(furtherTeam),
  stackFiles: z.record(text('stackFile'), z.string()),
  nameOverride: formatOrEmpty('label'),
  fullnameOverride: formatOrEmpty('label'),
  commonLabels: labels,
  commonAnnotations: annotations,
  imagePullSecrets,
  image: image.partial(),
  catalog: catalog.partial(),
  serviceAccounts: serviceAccounts.partial(),
  apps: apps.partial(),
  buildCache: buildCache.partial(),
  triggers: triggers.partial(),
  tests: tests.partial(),
  extraObjects: z.array(z.union([z.string(), z.looseObject({ apiVersion: z.string(), kind: z.string() })])),
  global: z.looseObject({}).describe('What a parent chart says to all of its charts; nothing here reads it.'),
};
