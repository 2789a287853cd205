/** printable: a text of somebody else's for a terminal or a log; a hostile file cannot steer them. Pure. */

/** Control characters but tabs, and those that turn the direction of text, become `\uFFFD`. */
export function printable(text: string): string {
  return text.replaceAll(/(?!\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
