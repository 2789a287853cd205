/** A container that cannot be made as its spec says, e.g. a ConfigMap that does not exist. */

/** `reason` is Tekton's reason for the TaskRun. */
export interface ConfigFailure {
  readonly reason: 'CreateContainerConfigError' | 'TaskRunImagePullFailed' | 'PodCreationFailed';
  readonly message: string;
}

export const configFailure = (message: string): ConfigFailure => ({
  reason: 'CreateContainerConfigError',
  message,
});
