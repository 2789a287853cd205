/** The settings of what is shown on pull requests. */

import { z } from 'zod';

export interface ReportingConfig {
  /** Where people see runs, without a slash at the end; absent: reports hold no links. */
  readonly publicUrl: string | undefined;
}

export const reportingSettings = {
  TEKTON_DAG_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
};

type ReportingSettings = z.output<z.ZodObject<typeof reportingSettings>>;

export function compileReportingConfig(values: ReportingSettings): ReportingConfig {
  return { publicUrl: values.TEKTON_DAG_PUBLIC_URL?.replace(/\/+$/, '') };
}
