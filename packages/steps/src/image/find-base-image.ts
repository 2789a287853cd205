/** Finds a base image: at the mirror of its registry, else at the registry. */
import type { RegistryMirrors } from '@tekton-dag/model';
import { mirrorCandidates } from '../registry/mirror-candidates.ts';
import { openRegistry } from '../registry/open-registry.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { readBaseImage, type BaseImage } from './base-image.ts';

export interface BaseImageQuery {
  /** As in FROM. */
  readonly name: string;
  readonly mirrors: RegistryMirrors;
  /** `amd64` or `arm64`. */
  readonly architecture: string;
}

const tryOne = async (
  context: Pick<StepContext, 'env' | 'signal'>,
  candidate: string,
  architecture: string,
): Promise<BaseImage | StepFailure> => {
  try {
    return await readBaseImage(await openRegistry(context, candidate), candidate, architecture);
  } catch (error) {
    if (error instanceof StepFailure) return error;
    throw error;
  }
};

const notFound = (name: string, failures: readonly StepFailure[]): StepFailure => {
  const [first, ...others] = failures;
  const code = first?.code ?? 'BASE_IMAGE_MISSING';
  if (first === undefined || others.length === 0)
    return first ?? new StepFailure(`base image ${name} does not exist`, { code });
  const reasons = failures.map(({ message }) => message).join('; ');
  return new StepFailure(`base image ${name} is neither at the mirror nor at its registry: ${reasons}`, {
    code,
    hint: 'mend FROM in the Dockerfile, or put the image into the mirror (param registry-mirrors)',
  });
};

/** Throws what each place that was asked has answered. */
export const findBaseImage = async (
  context: Pick<StepContext, 'env' | 'signal'>,
  { name, mirrors, architecture }: BaseImageQuery,
): Promise<BaseImage> => {
  const failures: StepFailure[] = [];
  for (const candidate of mirrorCandidates(name, mirrors)) {
    const found = await tryOne(context, candidate, architecture);
    if (!(found instanceof StepFailure)) return found;
    failures.push(found);
  }
  throw notFound(name, failures);
};
