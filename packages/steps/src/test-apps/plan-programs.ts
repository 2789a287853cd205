/** Which programs test an app; pure. */
import type { AppTests, PlannedTest } from '@tekton-dag/model';

export type TestProgram =
  | { readonly kind: 'postman'; readonly file: string }
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | { readonly kind: 'playwright' | 'artillery'; readonly file: string };

/** In the order in which they run. */
export const planPrograms = ({ postman, command, playwright, artillery }: AppTests): TestProgram[] => [
  ...(postman === undefined ? [] : [{ kind: 'postman' as const, file: postman }]),
  ...(command === undefined ? [] : [{ kind: 'command' as const, argv: command }]),
  ...(playwright === undefined ? [] : [{ kind: 'playwright' as const, file: playwright }]),
  ...(artillery === undefined ? [] : [{ kind: 'artillery' as const, file: artillery }]),
];

/** Entry apps first: when the front door is broken the rest says little. */
export const orderTests = (tests: readonly PlannedTest[]): { entry: PlannedTest[]; rest: PlannedTest[] } => ({
  entry: tests.filter(({ entry }) => entry),
  rest: tests.filter(({ entry }) => !entry),
});
