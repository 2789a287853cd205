/** What a registry's refusal means and how to mend it; pure. */
import { z } from 'zod';
import { EXIT, StepFailure } from '../step-failure.ts';

export interface Refusal {
  /** Host. */
  readonly registry: string;
  /** What was asked for, e.g. `blob acme/web@sha256:...`. */
  readonly what: string;
  readonly status: number;
  /** Text of the answer. */
  readonly body: string;
}

/** OCI distribution spec, Error Codes. */
const errorsSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string().default(''), message: z.string().default('') })),
});
const MAX_TEXT = 300;

const reasonOf = (body: string): string => {
  try {
    const { errors } = errorsSchema.parse(JSON.parse(body));
    return errors.map(({ code, message }) => `${code} ${message}`.trim()).join('; ');
  } catch {
    return body;
  }
};

const kindOf = (status: number): { code: string; hint: string; exitCode: number } => {
  if (status === 401 || status === 403) {
    return {
      code: 'REGISTRY_DENIED',
      hint: 'annotate a kubernetes.io/basic-auth secret with tekton.dev/docker-0, or link a kubernetes.io/dockerconfigjson secret, to the service account of the task; it must be allowed to pull and push there',
      exitCode: EXIT.failed,
    };
  }
  if (status === 404) {
    return {
      code: 'REGISTRY_NO_REPOSITORY',
      hint: 'this registry wants repositories made by hand: make it, or mend param image-registry',
      exitCode: EXIT.failed,
    };
  }
  if (status === 429) {
    return {
      code: 'REGISTRY_BUSY',
      hint: 'its rate limit is reached: wait, log in, or set a mirror (param registry-mirrors)',
      exitCode: EXIT.unreachable,
    };
  }
  return status >= 500
    ? {
        code: 'REGISTRY_FAILED',
        hint: 'see the log of the registry, then run again',
        exitCode: EXIT.unreachable,
      }
    : { code: 'REGISTRY_REFUSED', hint: 'see the log of the registry', exitCode: EXIT.failed };
};

/** One line with host, what was asked for, status and the registry's own reason. */
export const explainRefusal = ({ registry, what, status, body }: Refusal): StepFailure => {
  const reason = reasonOf(body)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  const said = reason === '' ? '' : `: ${reason}`;
  return new StepFailure(`registry ${registry} refused ${what}: HTTP ${status}${said}`, kindOf(status));
};
