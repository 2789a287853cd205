/**
 * putCheck: a check run, or a commit status where GitHub allows no check runs: only Apps may write them (GitHub docs,
 * "Check runs"), and a user's token is none.
 */

import type { CheckReport } from '../forge-client.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeHttp } from '../forge-http.ts';
import { putCommitStatus } from '../put-commit-status.ts';
import { putCheckRun } from './put-check-run.ts';

/** Stands for the id of a check that is a commit status: those are never updated. */
const STATUS_ID = 'commit-status';

export async function putCheck(http: ForgeHttp, check: CheckReport): Promise<{ readonly id: string }> {
  if (check.id === STATUS_ID) return await putStatus(http, check);
  try {
    return await putCheckRun(http, check);
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'forbidden') return await putStatus(http, check);
    throw error;
  }
}

async function putStatus(http: ForgeHttp, check: CheckReport): Promise<{ readonly id: string }> {
  await putCommitStatus(http, check);
  return { id: STATUS_ID };
}
