/** Why an image cannot be built here: a line of the Dockerfile and what it needs. */
import { StepFailure } from '../step-failure.ts';

export interface DockerfileProblem {
  readonly reason: 'invalid' | 'needs-buildah';
  /** 1-based line in the Dockerfile. */
  readonly line: number;
  readonly message: string;
}

/** `Dockerfile:5: RUN needs buildah on the PATH`, one line per problem. */
export const imageFailure = (file: string, problems: readonly DockerfileProblem[]): StepFailure => {
  const buildah = problems.some(({ reason }) => reason === 'needs-buildah');
  return new StepFailure(problems.map(({ line, message }) => `${file}:${line}: ${message}`).join('; '), {
    code: buildah ? 'IMAGE_NEEDS_BUILDAH' : 'DOCKERFILE_INVALID',
    hint: buildah
      ? 'install buildah in the image of the step, or copy what the compile step has built'
      : 'mend the Dockerfile',
  });
};
