/**
 * chartValuesSchema: the values of the chart helm/tekton-dag. The keys of a team file are values at its top level, so
 * that `helm install -f teams/<team>/team.yaml -f teams/<team>/values.yaml` has one source for each.
 */

import { z } from 'zod';
import { completeValues } from './complete-values.ts';
import { orchestratorValues } from './orchestrator-values.ts';
import { releaseValues } from './release-values.ts';
import { removableValues } from './removable-values.ts';
import { teamKeys } from './team-keys.ts';
import { telemetryValues } from './telemetry-values.ts';

const chartKeys = { ...releaseValues, orchestrator: orchestratorValues, ...telemetryValues };

/** What a team's release differs in: the keys of the chart, none of the team file's. */
export const teamValuesSchema = z.strictObject(chartKeys).partial();

/** The same as `teams/<team>/values.yaml` may hold it. */
export const teamValuesFileSchema = removableValues(teamValuesSchema).describe(
  "What one team's release of the chart differs in; the team itself is in team.yaml.",
);

/** All values, with the chart's defaults. */
export const chartValuesSchema = z
  .strictObject({ ...teamKeys, ...completeValues(teamValuesSchema).shape })
  .describe('Values of the chart tekton-dag.');

export type TeamValues = z.output<typeof teamValuesSchema>;
