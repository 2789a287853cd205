/** planAnnotations: what a check says beside the files of the pull request. Pure. */

import type { RunWithEvidence } from '@tekton-dag/store';
import type { CheckAnnotation } from '../forge/forge-client.ts';
import { lostEdges } from './lost-edges.ts';
import { plainText } from './plain-text.ts';
import { parseRunEvidence, type RunEvidence } from './run-evidence.ts';

/** What GitHub takes in one request, and more than anyone reads. */
const MAX_ANNOTATIONS = 50;
const MAX_TITLE = 200;
const MAX_MESSAGE = 2_000;
/** An annotation must have a path; this one stands for the repository as a whole, as other reporters have it. */
const WHOLE_REPOSITORY = '.github';

/** `repository`: the pull request's. Tests of other repositories have no file here, so the summary alone tells them. */
export function planAnnotations(
  runs: readonly RunWithEvidence[],
  repository: string,
): readonly CheckAnnotation[] {
  const found = runs.flatMap((run) => {
    const evidence = parseRunEvidence(run.evidence);
    return evidence === undefined ? [] : [...annotateEdges(evidence), ...annotateTests(evidence, repository)];
  });
  return found.slice(0, MAX_ANNOTATIONS);
}

function annotateEdges(evidence: RunEvidence): readonly CheckAnnotation[] {
  return lostEdges(evidence).map(({ caller, callee, detail }) => ({
    path: WHOLE_REPOSITORY,
    startLine: 1,
    endLine: 1,
    level: 'failure',
    title: `The session was lost from ${caller} to ${callee}`,
    message: plainText(detail, MAX_MESSAGE),
  }));
}

function annotateTests({ testFailures }: RunEvidence, repository: string): readonly CheckAnnotation[] {
  return testFailures.flatMap(({ app, suite, name, message, place }) => {
    if (place === undefined || !isSameRepository(place.repository, repository)) return [];
    const title = plainText(`${app}: ${suite === '' ? name : `${suite}: ${name}`}`, MAX_TITLE);
    const text = plainText(message, MAX_MESSAGE);
    const annotation: CheckAnnotation = {
      path: place.path,
      startLine: place.line,
      endLine: place.line,
      level: 'failure',
      title,
      message: text === '' ? title : text,
    };
    return [annotation];
  });
}

/** A stack file may write the host before it. */
function isSameRepository(written: string, repository: string): boolean {
  const [a, b] = [written.toLowerCase(), repository.toLowerCase()];
  return a === b || a.endsWith(`/${b}`);
}
