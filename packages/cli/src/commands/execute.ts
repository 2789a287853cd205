/** Execute: what runs a command's body and keeps its exit code; handed to every group of commands. */

/** A job that is interrupted was not done, whatever it says; a service ends only so, and says how it ended. */
export type CommandKind = 'job' | 'service';

export type Execute = (command: () => Promise<number>, kind?: CommandKind) => Promise<void>;
