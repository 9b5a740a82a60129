import { beforeAll, describe, expect, it } from 'vitest'
import { fitLines } from './fit-lines.ts'
import { directionOf } from './runs.ts'
import { createTypesetter, type Typesetter } from './typesetter.ts'

let typesetter: Typesetter
beforeAll(async () => {
  typesetter = await createTypesetter()
})

const glyphsOf = (text: string) =>
  typesetter.line(typesetter.settable(text)).runs.flatMap(({ glyphs }) => glyphs.map(({ id }) => id))

describe('a name is set, letter by letter, in', () => {
  it.each([
    ['Latin', 'Łukasz Müller-Nguyễn Văn Đức'],
    ['Greek', 'Ἀλέξανδρος Παπαδόπουλος'],
    ['Cyrillic', 'Владимир Ђорђевић'],
    ['Armenian', 'Հայկ Գևորգյան'],
    ['Georgian', 'გიორგი ბერიძე'],
    ['Devanagari', 'श्रीमती ज्योत्स्ना क्षत्रिय'],
    ['Bengali', 'রবীন্দ্রনাথ ঠাকুর'],
    ['Gurmukhi', 'ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ'],
    ['Gujarati', 'જ્ઞાનેશ્વર પટેલ'],
    ['Oriya', 'ଜଗନ୍ନାଥ ଦାସ'],
    ['Tamil', 'திருவள்ளுவர் கோபாலகிருஷ்ணன்'],
    ['Telugu', 'శ్రీ కృష్ణమూర్తి'],
    ['Kannada', 'ಶ್ರೀ ಕೃಷ್ಣಮೂರ್ತಿ'],
    ['Malayalam', 'ശ്രീ കൃഷ്ണമൂർത്തി'],
    ['Sinhala', 'ශ්‍රී ක්‍රිෂ්ණ'],
    ['Thai', 'สมชาย ใจดี น้ำฝน'],
    ['Lao', 'ສົມຊາຍ ນ້ຳ'],
    ['Khmer', 'ស្រីស្រស់ ខ្មែរ'],
    ['Burmese', 'မောင်မောင် ကြည်'],
    ['Ethiopic', 'አበበ ቢቂላ'],
    ['Arabic', 'محمد عبد الله'],
    ['Urdu', 'ڈاکٹر محمد اقبالؒ'],
    ['Hebrew', 'שָׁלוֹם כהן'],
    ['Chinese', '王小明 臺灣'],
    ['Japanese', '山田太郎 さくら カナ'],
    ['Korean', '김민준'],
  ])('%s', (_, name) => {
    expect(typesetter.settable(name)).toBe(name.normalize('NFC'))
    expect(typesetter.lacks(name)).toBe(false)
    const glyphs = glyphsOf(name)
    expect(glyphs.length).toBeGreaterThan(2)
    // 0 is .notdef, the empty box.
    expect(glyphs).not.toContain(0)
  })
})

describe('what cannot be set', () => {
  it.each([
    ['a letter of no font here stands as its number', 'Ada 𞤀𞤣 L', 'Ada [U+1E900][U+1E923] L'],
    ['pictures are left out', 'Git 🚀 basics 👩‍🎓!', 'Git basics !'],
    ['lines become one', ' a\n\tb  c ', 'a b c'],
    ['marks that turn the direction are left out', 'abc\u202ecba\u2066\u200f', 'abccba'],
    ['letters are composed', 'Mu\u0308ller', 'Müller'],
    ['half of a pair is shown to be broken', 'a\ud800b', 'a\ufffdb'],
    ['joiners stay', 'ක්\u200dරි', 'ක්\u200dරි'],
  ])('%s', (_, text, set) => {
    expect(typesetter.settable(text)).toBe(set)
  })

  it('is told', () => {
    expect(typesetter.lacks('Ada 𞤀')).toBe(true)
    expect(typesetter.lacks('Git 🚀')).toBe(false)
  })
})

describe('direction', () => {
  const runsOf = (text: string) => typesetter.line(text).runs.map(({ text }) => text)

  it('is that of the first letter', () => {
    expect(directionOf('(1) سلام abc')).toBe('rtl')
    expect(directionOf('(1) abc سلام')).toBe('ltr')
    expect(directionOf('')).toBe('ltr')
  })

  it('turns letters and words to the left, and leaves numbers and Latin in it to the right', () => {
    expect(runsOf('אבג 12 de ו').join('|')).toBe('ו| |de| |12| |ג|ב|א')
  })

  it('mirrors brackets that are turned', () => {
    const [close, , open] = typesetter.line('(א)').runs.map(({ glyphs }) => glyphs[0]?.id)
    const [plainOpen, , plainClose] = typesetter
      .line('(a)')
      .runs.flatMap(({ glyphs }) => glyphs.map(({ id }) => id))
    expect([close, open]).not.toEqual([undefined, undefined])
    expect([close, open]).toEqual([plainOpen, plainClose])
  })

  it('joins Arabic letters: one looks otherwise at the beginning, in the middle and alone', () => {
    const alone = glyphsOf('ه')
    const joined = glyphsOf('ههه')
    expect(joined).toHaveLength(3)
    expect(new Set([...alone, ...joined]).size).toBe(4)
  })

  it('puts a vowel before its consonant where it is written so', () => {
    // ம + ெ: the sign that is typed second stands first.
    const [consonant] = glyphsOf('ம')
    expect(glyphsOf('மெ').indexOf(consonant ?? -1)).toBe(1)
  })
})

describe('fitting', () => {
  const room = { width: 300, lines: 2, largest: 30, least: 8 }
  const widths = ({ lines, size }: ReturnType<typeof fitLines>) =>
    lines.map(({ widthOfOne }) => widthOfOne * size)

  it('takes the largest size where there is room', () => {
    expect(fitLines(typesetter, 'Asha', room)).toMatchObject({ size: 30, lines: [{ text: 'Asha' }] })
  })

  it.each([
    ['words', 'An introduction to the theory and the practice of distributed version control'],
    ['one long word', 'W'.repeat(60)],
    ['a script without spaces', '計'.repeat(70)],
    ['right to left', 'مقدمة في علوم الحاسوب والبرمجة المتقدمة للمبتدئين'],
  ])('keeps to the width, and to the lines: %s', (_, text) => {
    const fitted = fitLines(typesetter, text, room)
    expect(fitted.lines.length).toBeLessThanOrEqual(2)
    for (const width of widths(fitted)) expect(width).toBeLessThanOrEqual(300.01)
    expect(
      fitted.lines
        .map((line) => line.text)
        .join('')
        .replaceAll(' ', ''),
    ).toBe(text.replaceAll(' ', ''))
  })

  it('takes more lines where even the least size is too large, and stays in the width', () => {
    const fitted = fitLines(typesetter, 'W'.repeat(200), room)
    expect(fitted.size).toBe(8)
    for (const width of widths(fitted)) expect(width).toBeLessThanOrEqual(300.01)
  })
})
