/** Writes one human line of progress to the step's log. */
import type { StepContext } from './step-context.ts';

export const say = (context: Pick<StepContext, 'stdout'>, line: string): void => {
  context.stdout.write(`${line}\n`);
};
