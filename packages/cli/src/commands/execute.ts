/** Execute: what runs a command's body and keeps its exit code; handed to every group of commands. */

export type Execute = (command: () => Promise<number>) => Promise<void>;
