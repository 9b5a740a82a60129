import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../../assets/fonts')

/** A font of `assets/fonts` and the characters that it is asked for. */
export interface Typeface {
  readonly name: string
  readonly path: string
  readonly letters: RegExp
}

const typeface = (name: string, letters: RegExp): Typeface => ({
  name,
  path: join(folder, `${name}.ttf`),
  letters,
})

/** In the order of preference: the first that has a character sets it. The one of Chinese, Japanese and Korean has 33,000 glyphs. */
export const typefaces: readonly Typeface[] = [
  typeface(
    'NotoSerif',
    /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u,
  ),
  typeface('NotoSansArabic', /\p{Script_Extensions=Arabic}/u),
  typeface('NotoSansBengali', /\p{Script_Extensions=Bengali}/u),
  typeface('NotoSansDevanagari', /\p{Script_Extensions=Devanagari}/u),
  typeface('NotoSansEthiopic', /\p{Script_Extensions=Ethiopic}/u),
  typeface('NotoSansGujarati', /\p{Script_Extensions=Gujarati}/u),
  typeface('NotoSansGurmukhi', /\p{Script_Extensions=Gurmukhi}/u),
  typeface('NotoSansHebrew', /\p{Script_Extensions=Hebrew}/u),
  typeface('NotoSansKannada', /\p{Script_Extensions=Kannada}/u),
  typeface('NotoSansKhmer', /\p{Script_Extensions=Khmer}/u),
  typeface('NotoSansLao', /\p{Script_Extensions=Lao}/u),
  typeface('NotoSansMalayalam', /\p{Script_Extensions=Malayalam}/u),
  typeface('NotoSansMyanmar', /\p{Script_Extensions=Myanmar}/u),
  typeface('NotoSansOriya', /\p{Script_Extensions=Oriya}/u),
  typeface('NotoSansSinhala', /\p{Script_Extensions=Sinhala}/u),
  typeface('NotoSansTamil', /\p{Script_Extensions=Tamil}/u),
  typeface('NotoSansTelugu', /\p{Script_Extensions=Telugu}/u),
  typeface('NotoSansThai', /\p{Script_Extensions=Thai}/u),
  typeface(
    'DroidSansFallback',
    /[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script_Extensions=Hangul}\p{Script_Extensions=Bopomofo}\uff00-\uffef]/u,
  ),
  typeface('DejaVuSans', /./su),
]
