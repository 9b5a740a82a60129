const ascii = /^\p{ASCII}*$/u
const dividing = /[ \t\n\v\f\r.,!?;:()"-]+/g

/**
 * What is asked, so that the same words are one question however they are typed: the database finds the same words in it (`words_of`). Of
 * ASCII alone, since a sign or letter beside another alphabet may be part of how that is read: an accent makes one letter of two, and a
 * full stop says which of two small letters a Greek capital is. Nor is `I` made small: where the database speaks Turkish it is not `i`.
 */
export function plainWords(said: string): string {
  if (!ascii.test(said)) return said
  return said
    .replace(dividing, ' ')
    .trim()
    .replace(/[A-HJ-Z]+/g, (capitals) => capitals.toLowerCase())
}
