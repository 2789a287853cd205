/** plainText: hostile text made fit to be shown. Pure. */

/** ECMA-48: CSI sequences, OSC strings up to BEL or ST, and two-character escapes. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const ESCAPES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;
/** Control characters but tab and newline; characters that turn the direction of text or cannot be seen. */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Without colours, control characters and tricks; at most `maxCharacters`, the last of them a `…` when it was cut. */
export function plainText(text: string, maxCharacters: number): string {
  // A bound before the work, so that a huge text costs no more than a big one.
  const plain = text
    .slice(0, maxCharacters * 4)
    .replaceAll('\r\n', '\n')
    .replaceAll(ESCAPES, '')
    .replaceAll(INVISIBLE, '')
    .trim();
  const cut = plain.length <= maxCharacters ? plain : `${plain.slice(0, maxCharacters - 1)}…`;
  return cut.replaceAll(LONE_SURROGATE, '\uFFFD');
}
