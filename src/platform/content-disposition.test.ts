import { expect, test } from 'vitest'
import { contentDisposition } from './content-disposition.ts'

test.each([
  [{}, 'attachment'],
  [{ inline: true }, 'inline'],
  [{ fileName: 'notes.pdf' }, 'attachment; filename="notes.pdf"'],
  [{ fileName: 'notes 1.pdf', inline: true }, 'inline; filename="notes 1.pdf"'],
  [{ fileName: 'né.pdf' }, `attachment; filename="n_.pdf"; filename*=UTF-8''n%C3%A9.pdf`],
  [{ fileName: '日本.pdf' }, `attachment; filename="__.pdf"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf`],
  [
    { fileName: '100% "it\'s".pdf' },
    `attachment; filename="100_ _it's_.pdf"; filename*=UTF-8''100%25%20%22it%27s%22.pdf`,
  ],
  [{ fileName: 'a\r\nset-cookie: x/..\\b' }, 'attachment; filename="a__set-cookie: x_.._b"'],
  [{ fileName: '\ud800' }, `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
])('%j becomes %s', (options, expected) => {
  expect(contentDisposition(options)).toBe(expected)
})
