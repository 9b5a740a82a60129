import { describe, expect, it } from 'vitest'
import { mediaIdOf, mediaNamedIn } from './media-addresses.ts'

const id = '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'
const site = { publicUrl: 'https://school.example/school' }

describe('the file that an address is of', () => {
  it.each([
    `/api/media/${id}`,
    `/api/v1/media/${id}`,
    `/api/media/${id.toUpperCase()}`,
    `/api/media/${id}?width=640`,
    `/api/media/${id}#top`,
    `https://school.example/school/api/media/${id}`,
    `https://school.example/school/api/v1/media/${id}?expires=1&signature=x`,
  ])('%s', (address) => expect(mediaIdOf(address, site)).toBe(id))
  it.each([
    `/api/media/${id}/details`,
    `/api/media/${id}0`,
    '/api/media/ID',
    `/api/media/uploads/${id}`,
    `api/media/${id}`,
    `/api/v2/media/${id}`,
    `https://school.example/api/media/${id}`,
    `https://evil.example/api/media/${id}`,
    `https://evil.example/?https://school.example/school/api/media/${id}`,
    '',
  ])('%s is of none', (address) => expect(mediaIdOf(address, site)).toBeNull())
})

it('a text names each file once, as picture or link, and not in code', () => {
  const other = id.replace('019a', '019b')
  const text = `![a](/api/media/${id}) [b](/api/v1/media/${id} "t")\n\n[c]: /api/media/${other}\n\n\`![x](/api/media/${id.replace('019a', '019c')})\``
  expect(mediaNamedIn(text, site)).toEqual([id, other])
})
