/** shapeOfEvidence: the demo's table without what differs from one time to the next, to compare it with the README's. */

const TABLE = /^STEP {2,}RESULT[^]*?^total +[\d.]+$/m;

/** Seconds, line breaks within a row, directories, ports, and the random part of names. */
const DIFFERENT_EACH_TIME: readonly (readonly [RegExp, string])[] = [
  [/ +\d+\.\d$/gm, ''],
  [/\s*\n +/g, ' '],
  [/file:\S+\/tekton-dag-demo-\w{6}/g, 'file:<directory>'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
  [/-\w{10}-\w{5}\b/g, '-<pod>'],
  [/\b(stack-[a-z]+(?:-\d+)?)-\w{8}\b/g, '$1-<run>'],
  [/sha256:\w{12}/g, 'sha256:<digest>'],
  [/ {2,}/g, ' '],
];

/** One line for each row, however its evidence was wrapped; none where the text has no such table. */
export function shapeOfEvidence(text: string): readonly string[] {
  const table = TABLE.exec(text)?.[0] ?? '';
  const shape = DIFFERENT_EACH_TIME.reduce((all, [from, to]) => all.replaceAll(from, to), table);
  return shape.split('\n').filter((row) => row !== '');
}
