import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMailbox, type Mailbox } from './mailbox.ts'

const clock = { now: () => new Date('2026-01-31T09:30:00Z') }
const mail = (id: string) => ({ id, to: 'ada@example.org', subject: `Subject ${id}`, text: `Text ${id}` })
const idsIn = async (mailbox: Mailbox) => (await mailbox.list()).map(({ id }) => id)

let folder: string
let mailbox: Mailbox

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'lectern-mail-')), 'mailbox')
  mailbox = await createMailbox({ folder, clock })
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

test('keeps mails, newest first, also in one and the same moment', async () => {
  await mailbox.send({ ...mail('a'), html: '<p>Text</p>' })
  await Promise.all(['b', 'c', 'd'].map((id) => mailbox.send(mail(id))))
  expect(await idsIn(mailbox)).toEqual(['d', 'c', 'b', 'a'])
  expect(await mailbox.read('a')).toEqual({
    ...mail('a'),
    html: '<p>Text</p>',
    sentAt: '2026-01-31T09:30:00.000Z',
  })
  expect(await mailbox.read('z')).toBeNull()
})

test('keeps them over a restart, and goes on counting', async () => {
  for (const id of ['a', 'b']) await mailbox.send(mail(id))
  const again = await createMailbox({ folder, clock })
  await again.send(mail('c'))
  expect(await idsIn(again)).toEqual(['c', 'b', 'a'])
  expect(await idsIn(mailbox)).toEqual(['c', 'b', 'a'])
})

test('keeps a mail once, however often and fast it is sent', async () => {
  await Promise.all([mailbox.send(mail('a')), mailbox.send(mail('a')), mailbox.send(mail('b'))])
  await mailbox.send({ ...mail('a'), text: 'another text' })
  expect(await idsIn(mailbox)).toEqual(['b', 'a'])
  expect(await mailbox.read('a')).toMatchObject({ text: 'Text a' })
})

test('keeps the newest 200', async () => {
  for (let i = 1; i <= 203; i++) await mailbox.send(mail(`m${i}`))
  const ids = await idsIn(mailbox)
  expect(ids).toHaveLength(200)
  expect([ids[0], ids[199]]).toEqual(['m203', 'm4'])
  expect(readdirSync(folder)).toHaveLength(200)
})

test('close waits for what is being kept', async () => {
  const sending = mailbox.send(mail('a'))
  await mailbox.close()
  expect(await idsIn(mailbox)).toEqual(['a'])
  await sending
})

test('refuses what a mail server would, and goes on', async () => {
  await expect(mailbox.send({ ...mail('a'), to: 'ada@example.org, eve@example.org' })).rejects.toThrow(
    'address',
  )
  await mailbox.send({ ...mail('b'), subject: 'Two\r\nlines' })
  expect(await mailbox.list()).toMatchObject([{ id: 'b', subject: 'Two lines' }])
})

test('takes any id as a name of a mail and never of a file', async () => {
  for (const id of ['../../escape', '/etc/passwd', 'a\0b', 'ü'.repeat(200)]) await mailbox.send(mail(id))
  expect(readdirSync(folder)).toHaveLength(4)
  expect(await mailbox.read('../../escape')).toMatchObject({ subject: 'Subject ../../escape' })
})

test('skips a file that a power cut has damaged', async () => {
  await mailbox.send(mail('a'))
  writeFileSync(join(folder, `0000000002-${'0'.repeat(64)}.json`), '')
  writeFileSync(join(folder, `0000000003-${'1'.repeat(64)}.json`), '{"id":"b"}')
  expect(await idsIn(mailbox)).toEqual(['a'])
})

test.skipIf(process.platform === 'win32')('is readable by its owner only', async () => {
  await mailbox.send(mail('a'))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, readdirSync(folder)[0] ?? '')).mode & 0o777).toBe(0o600)
})
