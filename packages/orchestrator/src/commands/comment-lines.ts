/** commentLines: the lines of a comment that its author says, without quotes, code and hidden text. Pure. */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const QUOTE = /^ {0,3}>/;
const INDENTED_CODE = /^(?: {4}|\t)/;
const HIDDEN_START = '<!--';
const HIDDEN_END = '-->';

/** What stands open at the end of a line; code that is never closed reaches to the end of the comment (CommonMark 4.5). */
interface Open {
  readonly fence: string | undefined;
  readonly hidden: boolean;
}

export function commentLines(body: string): readonly string[] {
  const said: string[] = [];
  let open: Open = { fence: undefined, hidden: false };
  for (const line of body.split(/\r\n|\r|\n/)) {
    if (isSaid(line, open)) said.push(line);
    open = openAfter(line, open);
  }
  return said;
}

function isSaid(line: string, { fence, hidden }: Open): boolean {
  return fence === undefined && !hidden && !QUOTE.test(line) && !INDENTED_CODE.test(line);
}

function openAfter(line: string, { fence, hidden }: Open): Open {
  if (hidden) return { fence, hidden: !line.includes(HIDDEN_END) };
  if (fence !== undefined) return { fence: closes(line, fence) ? undefined : fence, hidden };
  const opened = FENCE.exec(line)?.[1];
  if (opened !== undefined) return { fence: opened, hidden };
  const start = line.lastIndexOf(HIDDEN_START);
  return { fence, hidden: start !== -1 && line.indexOf(HIDDEN_END, start) === -1 };
}

/** A closing fence is at least as long as the opening one, of the same character, and alone on its line. */
function closes(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}
