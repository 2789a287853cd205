/** patience: the time that a test with a rig has, for `vi.setConfig`. A run is dozens of processes: minutes where the machine is busy with more. */
export const patience = { testTimeout: 300_000, hookTimeout: 300_000 };
