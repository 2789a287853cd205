/** CommandOutcome: what came of the commands of one comment; kept as the outcome of its delivery. */

import { z } from 'zod';

/** `text` is the command as it was read; `reply` is Markdown of ours. */
const commandAnswerSchema = z.object({
  text: z.string(),
  accepted: z.boolean(),
  reply: z.string(),
});

export type CommandAnswer = z.output<typeof commandAnswerSchema>;

export const commandOutcomeSchema = z.object({
  kind: z.literal('commands'),
  /** Login of who wrote the comment. */
  by: z.string(),
  answers: z.array(commandAnswerSchema),
});

export type CommandOutcome = z.output<typeof commandOutcomeSchema>;
