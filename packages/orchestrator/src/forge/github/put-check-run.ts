/** putCheckRun: writes a check run (GitHub docs, "Check runs"); more annotations than fit into one request come after. */

import { z } from 'zod';
import type { CheckAnnotation, CheckReport } from '../forge-client.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeHttp } from '../forge-http.ts';
import { readAnswer } from '../read-answer.ts';
import { repositoryPath } from '../repository-path.ts';

/** GitHub docs: "limited to 50 per API request". */
const ANNOTATIONS_AT_ONCE = 50;

const checkRun = z.object({ id: z.number().int().positive() });

export async function putCheckRun(http: ForgeHttp, check: CheckReport): Promise<{ readonly id: string }> {
  const [first = [], ...rest] = chunksOf(check.annotations ?? []);
  const id = await writeFirst(http, check, first);
  for (const annotations of rest) await update(http, check, id, annotations);
  return { id };
}

/** A check that the forge does not have any more is made anew. */
async function writeFirst(
  http: ForgeHttp,
  check: CheckReport,
  annotations: readonly CheckAnnotation[],
): Promise<string> {
  if (check.id === undefined) return create(http, check, annotations);
  try {
    return await update(http, check, check.id, annotations);
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return create(http, check, annotations);
    throw error;
  }
}

async function create(
  http: ForgeHttp,
  check: CheckReport,
  annotations: readonly CheckAnnotation[],
): Promise<string> {
  const path = `${repositoryPath(check.repository)}/check-runs`;
  const body = { ...checkBody(check, annotations), head_sha: check.headSha };
  const answer = await http.call({ operation: 'create-check', method: 'POST', path, body });
  return String(readAnswer(checkRun, answer).id);
}

async function update(
  http: ForgeHttp,
  check: CheckReport,
  id: string,
  annotations: readonly CheckAnnotation[],
): Promise<string> {
  const path = `${repositoryPath(check.repository)}/check-runs/${encodeURIComponent(id)}`;
  const body = checkBody(check, annotations);
  await http.call({ operation: 'update-check', method: 'PATCH', path, body });
  return id;
}

function checkBody(check: CheckReport, annotations: readonly CheckAnnotation[]): object {
  const { name, status, conclusion, title, summary, detailsUrl } = check;
  return {
    name,
    status,
    ...(status === 'completed' ? { conclusion } : {}),
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    output: { title, summary, annotations: annotations.map(annotationBody) },
  };
}

function annotationBody({ path, startLine, endLine, level, title, message }: CheckAnnotation): object {
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, title, message };
}

function chunksOf(annotations: readonly CheckAnnotation[]): readonly (readonly CheckAnnotation[])[] {
  return Array.from({ length: Math.ceil(annotations.length / ANNOTATIONS_AT_ONCE) }, (_, index) =>
    annotations.slice(index * ANNOTATIONS_AT_ONCE, (index + 1) * ANNOTATIONS_AT_ONCE),
  );
}
