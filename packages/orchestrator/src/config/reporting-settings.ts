/** The settings of what is shown on pull requests. */

import { z } from 'zod';

export interface ReportingConfig {
  /** Where people see runs, without a slash at the end; absent: reports hold no links. */
  readonly publicUrl: string | undefined;
  /** What the check and the comment are called; two orchestrators that report on one repository have two names. */
  readonly reportName: string;
}

/** What every forge takes as the name of a check, and what may stand in a comment of HTML. */
const REPORT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/ ]|-(?!-)){0,98}[A-Za-z0-9]$/;

export const reportingSettings = {
  TEKTON_DAG_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  TEKTON_DAG_REPORT_NAME: z
    .string()
    .regex(REPORT_NAME, 'must be 2 to 100 letters, digits, blanks and . _ / -')
    .default('tekton-dag'),
};

type ReportingSettings = z.output<z.ZodObject<typeof reportingSettings>>;

export function compileReportingConfig(values: ReportingSettings): ReportingConfig {
  return {
    publicUrl: values.TEKTON_DAG_PUBLIC_URL?.replace(/\/+$/, ''),
    reportName: values.TEKTON_DAG_REPORT_NAME,
  };
}
