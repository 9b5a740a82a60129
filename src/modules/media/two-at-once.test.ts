import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import PdfDocument from 'pdfkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { files } from './factory.ts'

let world: World
let me: Client
beforeAll(async () => {
  world = await createWorld()
  me = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
})
afterAll(() => world.close())

const page = Buffer.from('<html><script>alert(1)</script></html>')
/** More than is looked at from a file's end. */
const padding = Buffer.alloc(70_000, 'x')
const text = (said: string) => Buffer.from(said, 'latin1')
const demo = (name: string) =>
  readFile(new URL(`../../../demo/courses/version-control-with-git/files/${name}`, import.meta.url))

/** One with an object more, where one of the first file was changed. */
const changed = (pdf: Buffer, object: string) =>
  Buffer.concat([pdf, text(`${object}\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n\n`)])

function printed(): Promise<Buffer> {
  const document = new PdfDocument({ compress: false, info: { Title: 'What <script> does' } })
  document.text('<html> begins a page.')
  document.end()
  return buffer(document)
}

describe('415 unsupported_media_type: two kinds of file at once', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, Buffer[]]>([
    ['a film with a page behind it', files.mp4, [page]],
    ['a film in fragments with a page behind it', files.fragmentedMp4, [page]],
    ['a film with a PDF behind it', files.mp4, [files.pdf()]],
    ['a film with an archive and padding behind it', files.mp4, [files.zipOfOne(), padding]],
    ['a film of the web with padding behind it', files.webm, [padding]],
    ['a film of the web of unknown length with a page behind it', files.pipedWebm, [page]],
    ['a sound with a page behind it', files.mp3, [page]],
    ['a sound with a PDF behind it', files.mp3, [files.pdf()]],
    ['a recording with an archive and padding behind it', files.wav, [files.zipOfOne(), padding]],
    ['a recording in Ogg with noise behind it', files.ogg, [text('noise')]],
    ['a PDF with a page behind it and another end', files.pdf, [page, text('\n%%EOF\n')]],
    [
      'a long PDF with a page behind it and another end',
      files.pdf,
      [text('%'), padding, page, text('\n%%EOF\n')],
    ],
    [
      'a PDF with a page between its objects',
      files.pdf,
      [text('2 0 obj\n'), page, text('\nendobj\n%%EOF\n')],
    ],
  ])('%s', async (_what, make, more) => {
    expect(await upload(me, Buffer.concat([await make(), ...more]))).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
  })
})

describe('201: one file, as programs make it', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['the film of the demo school', () => demo('branches.mp4'), 'video/mp4'],
    ['the PDF of the demo school', () => demo('git-on-one-page.pdf'), 'application/pdf'],
    ['a PDF that speaks of markup, in its text and its name', printed, 'application/pdf'],
    ['a PDF that was changed', () => changed(files.pdf(), '2 0 obj\n(<script>)\nendobj'), 'application/pdf'],
    [
      'a PDF that was changed twice',
      () => changed(changed(files.pdf(), '2 0 obj\n1\nendobj'), '2 0 obj\n2\nendobj'),
      'application/pdf',
    ],
    ['a film in fragments', files.fragmentedMp4, 'video/mp4'],
    [
      'a film that fills its last block up',
      async () => Buffer.concat([await files.mp4(), Buffer.alloc(512)]),
      'video/mp4',
    ],
    ['a film of the web of unknown length', files.pipedWebm, 'video/webm'],
    ['a sound', files.mp3, 'audio/mpeg'],
    ['a sound with ID3v1', () => Buffer.concat([files.mp3(), text('TAG'), Buffer.alloc(125)]), 'audio/mpeg'],
    [
      'a sound with ID3v2',
      () => Buffer.concat([text('ID3\x04\0\0\0\0\x02\0'), Buffer.alloc(256), files.mp3()]),
      'audio/mpeg',
    ],
    [
      'a sound with an APE tag',
      () => Buffer.concat([files.mp3(), text('APETAGEX\xd0\x07\0\0\x20\0\0\0'), Buffer.alloc(16)]),
      'audio/mpeg',
    ],
  ])('%s', async (_what, make, contentType) => {
    expect(await upload(me, await make())).toMatchObject({
      status: 201,
      body: { contentType, status: 'ready' },
    })
  })
})
