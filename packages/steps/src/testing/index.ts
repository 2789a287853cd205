/** What tests of steps stand on: a forge of temp repositories, a registry in memory, a step with captured output. */
export { runStepForTest, type StepRun, type StepRunOptions } from './run-step-for-test.ts';
export type { RegistryFault, RegistryGateOptions } from './registry-gate.ts';
export { startTestRegistry, type TestRegistry } from './start-test-registry.ts';
export { createTempForge, type TempForge } from './temp-forge.ts';
export { mirrordConfigSchema } from '../deploy-taps/mirrord/mirrord-config-schema.ts';
