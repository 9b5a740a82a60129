import { array, assert, asyncProperty, integer, property, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine, readCsvLine, readTextLines, wantsCsv } from './csv.ts'

async function linesOf(chunks: (string | Uint8Array)[], most = 20): Promise<(string | null)[]> {
  async function* source() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  }
  const lines = await Array.fromAsync(readTextLines(source(), most))
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1))
  return lines.map(({ text }) => text)
}

describe('csvLine', () => {
  it.each([
    [['a', 1, null, true], 'a,1,,true'],
    [['a,b', 'say "hi"', 'two\nlines', 'cr\rhere'], '"a,b","say ""hi""","two\nlines","cr\rhere"'],
    [['=1+1', '+1', '-1', '@x'], "'=1+1,'+1,'-1,'@x"],
    [['\tx', '\rx'], '\'\tx,"\'\rx"'],
    [['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"'],
    [[-1, new Date('2026-01-31T09:30:00.000Z')], '-1,2026-01-31T09:30:00.000Z'],
    [['a=b', "'", ''], "a=b,',"],
  ])('%j: %s', (cells, line) => expect(csvLine(cells)).toBe(`${line}\r\n`))
})

describe('readCsvLine', () => {
  it.each([
    ['', ['']],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['a,', ['a', '']],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    ['""', ['']],
    ['""""', ['"']],
    ['"a', null],
    ['"a"b', null],
    ['a"b', null],
    ['a,"', null],
    ['"a"",b', null],
  ])('%j: %j', (line, cells) => expect(readCsvLine(line)).toEqual(cells))
  it('reads back what was written, where no formula was defused', () => {
    const cell = string({ unit: 'grapheme' }).filter((text) => !/^[=+\-@\t\r]|[\r\n]/.test(text))
    assert(
      property(array(cell, { minLength: 1 }), (cells) => {
        expect(readCsvLine(csvLine(cells).slice(0, -2))).toEqual(cells)
      }),
    )
  })
})

describe('readTextLines', () => {
  it.each([
    [[], []],
    [[''], []],
    [['a'], ['a']],
    [['a\n'], ['a']],
    [['a\r\nb\rc\nd'], ['a', 'b', 'c', 'd']],
    [
      ['a\r', '\nb'],
      ['a', 'b'],
    ],
    [
      ['a\r', 'b'],
      ['a', 'b'],
    ],
    [['a\r'], ['a']],
    [['\n\na'], ['', '', 'a']],
    [['\ufeffa\n'], ['a']],
    [
      ['ab', 'cd', '\ne'],
      ['abcd', 'e'],
    ],
    [[`${'x'.repeat(21)}\na`], [null, 'a']],
    [
      ['x'.repeat(15), 'x'.repeat(15), `${'x'.repeat(15)}\na`],
      [null, 'a'],
    ],
    [['x'.repeat(20)], ['x'.repeat(20)]],
    [
      [`${'x'.repeat(30)}\r`, '\na'],
      [null, 'a'],
    ],
    [['x'.repeat(30)], [null]],
    [[Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)], ['é']],
    [[new Uint8Array([0xff, 0x61])], ['\ufffda']],
  ])('%j: %j', async (chunks, lines) => expect(await linesOf(chunks)).toEqual(lines))
  it('does not depend on where the chunks are cut', () =>
    assert(
      asyncProperty(uint8Array({ maxLength: 60 }), integer({ min: 1, max: 7 }), async (bytes, size) => {
        const chunks = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
        expect(await linesOf(chunks, 5)).toEqual(await linesOf([bytes], 5))
      }),
    ))
})

describe('wantsCsv', () => {
  it.each([
    ['text/csv', true],
    ['text/csv, */*;q=0.1', true],
    ['Text/CSV; charset=utf-8', true],
    ['application/json;q=0.5, text/csv', true],
    ['application/json, text/csv;q=0', false],
    ['application/json, text/csv;q=0.5', false],
    ['application/json', false],
    ['*/*', false],
    ['text/csv;q=odd', false],
    [undefined, false],
  ])('%s: %s', (accept, wanted) => {
    expect(wantsCsv(accept)).toBe(wanted)
  })
})
