/**
 * The orchestrator: webhooks and API calls in, PipelineRuns out. Start at `start/start-orchestrator.ts`; one delivery's way is
 * http/webhook-routes -> deliveries/accept-delivery -> deliveries/dispatcher -> runs/create-run -> runs/admission.
 */

export { GITHUB_EVENTS } from './forge/github/parse-github-event.ts';
export type { ConfigProblem } from './config/config-problem.ts';
export {
  parseOrchestratorConfig,
  settingsSchema,
  type OrchestratorConfig,
} from './config/orchestrator-config.ts';
export { tracingSettingsSchema } from './config/tracing-settings.ts';
export type { AddedFiles } from './platform/directory-files.ts';
export { describeProblem, type PlatformProblem } from './platform/platform-problem.ts';
export type { PlatformSnapshot } from './platform/platform-snapshot.ts';
export type { ReloadOutcome } from './platform/platform-source.ts';
export { readPlatform, type PlatformDirectories } from './platform/read-platform.ts';
export { readTextFile } from './platform/read-text-file.ts';
export { refuseLength } from './platform/refuse-length.ts';
export type { ReadTextFile } from './config/secret-reader.ts';
export { Secret } from './secret.ts';
export { giveBackMemory } from './start/give-back-memory.ts';
export {
  startOrchestrator,
  type Orchestrator,
  type OrchestratorOptions,
} from './start/start-orchestrator.ts';
