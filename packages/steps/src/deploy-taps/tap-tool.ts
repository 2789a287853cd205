/** What deploying a tap needs to know of an intercept tool. */
import type { InterceptInput } from '../deploy-intercepts/render-intercept.ts';

export interface TapTool {
  /** `mirrord`, `telepresence`. */
  readonly name: string;
  /** Has the tool's program and this one. */
  readonly image: string;
  /** Files of the tap's ConfigMap beside its own. */
  files(input: InterceptInput): Readonly<Record<string, string>>;
  /** The command that steals the session's requests for `tap`, a command, and runs it. */
  command(input: InterceptInput, tap: readonly string[]): readonly string[];
  /** What the tool's container must be allowed beyond what a restricted namespace allows. */
  readonly privileges: {
    readonly runAsRoot: boolean;
    readonly capabilities: readonly string[];
    /** Character devices of the node. */
    readonly devices: readonly string[];
  };
}
