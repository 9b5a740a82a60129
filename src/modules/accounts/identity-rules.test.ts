import { describe, expect, it } from 'vitest'
import { mayLink, readProfile } from './identity-rules.ts'

describe('mayLink', () => {
  const all = [true, false].flatMap((provenThere) =>
    [true, false].flatMap((provenHere) =>
      [true, false].flatMap((hasPassword) =>
        [true, false].map((hasIdentity) => ({ provenThere, provenHere, hasPassword, hasIdentity })),
      ),
    ),
  )
  it.each(all)('%j', (facts) => {
    const nobodysYet = !facts.hasPassword && !facts.hasIdentity
    expect(mayLink(facts)).toBe(facts.provenThere && (facts.provenHere || nobodysYet))
  })
})

describe('readProfile', () => {
  const email = 'asha@example.org'
  it.each([
    ['name', { name: ' Asha\u0000 Rao ', given_name: 'A' }, 'Asha Rao'],
    ['given and family name', { given_name: 'Asha', family_name: 'Rao' }, 'Asha Rao'],
    ['a family name alone', { name: '', family_name: 'Rao' }, 'Rao'],
    ['a user name', { preferred_username: 'asha' }, 'asha'],
    ['a nickname', { name: 7, nickname: 'ash' }, 'ash'],
    ['nothing but the address', {}, 'asha'],
    ['a name beyond all bounds', { name: '𝒜'.repeat(500) }, '𝒜'.repeat(120)],
  ])('takes the name from %s', (_, claims, name) => {
    expect(readProfile({ email, ...claims })).toEqual({ email, emailVerified: false, name })
  })
  it.each([
    undefined,
    null,
    7,
    '',
    'asha',
    '@example.org',
    'a@b@c',
    'a b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    `${'a'.repeat(250)}@b.org`,
  ])('has no profile where the address is %j', (wrong) => {
    expect(readProfile({ email: wrong })).toBeNull()
  })
  it.each([
    [true, true],
    ['true', false],
    [1, false],
    [undefined, false],
  ])('believes email_verified %j: %j', (said, believed) => {
    expect(readProfile({ email, email_verified: said })?.emailVerified).toBe(believed)
  })
})
