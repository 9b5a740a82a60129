/**
 * A language tag (BCP 47) in its canonical form, so that a language has one name: `EN-us` is `en-US`, `iw` is `he` (ECMA-402,
 * section 6.2.3); null where it is none.
 */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}
