/** permissionOf: what somebody may do in a repository; GitHub and Gitea spell the call alike. */

import { z } from 'zod';
import { PERMISSIONS, type Permission } from './forge-client.ts';
import { ForgeError } from './forge-error.ts';
import type { ForgeHttp } from './forge-http.ts';
import { readAnswer } from './read-answer.ts';
import { repositoryPath } from './repository-path.ts';

/** It goes into a path: nothing that could be more than one part of it, or none. */
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9._[\]-]{0,99}$/;

/** `role_name` may be a role of an organization's own making; `permission` is then what it comes down to. */
const answer = z.object({ permission: z.string(), role_name: z.string().nullish() });

/** Gitea calls who owns a repository `owner`. */
const OTHER_NAMES: Readonly<Record<string, Permission>> = { owner: 'admin', pull: 'read', push: 'write' };

export async function permissionOf(http: ForgeHttp, repository: string, login: string): Promise<Permission> {
  if (!LOGIN.test(login)) return 'none';
  const path = `${repositoryPath(repository)}/collaborators/${encodeURIComponent(login)}/permission`;
  try {
    const found = readAnswer(answer, await http.call({ operation: 'get-permission', method: 'GET', path }));
    return toPermission(found.role_name ?? '') ?? toPermission(found.permission) ?? 'none';
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return 'none';
    throw error;
  }
}

function toPermission(name: string): Permission | undefined {
  return PERMISSIONS.find((known) => known === name) ?? OTHER_NAMES[name];
}
