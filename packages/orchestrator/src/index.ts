/**
 * The orchestrator: webhooks and API calls in, PipelineRuns out. Start at `start-orchestrator.ts`; one delivery's way is
 * http/webhook-routes -> deliveries/accept-delivery -> deliveries/dispatcher -> runs/create-run -> runs/admission.
 */

export { GITHUB_EVENTS } from './forge/github/parse-github-event.ts';
export {
  parseOrchestratorConfig,
  type ConfigProblem,
  type OrchestratorConfig,
  type ReadTextFile,
} from './orchestrator-config.ts';
export { Secret } from './secret.ts';
export { startOrchestrator, type Orchestrator, type OrchestratorOptions } from './start-orchestrator.ts';
