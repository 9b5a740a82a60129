/** A text as it is kept: without white space around it, its lines ended by one character. */
export function tidyText(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim()
}
