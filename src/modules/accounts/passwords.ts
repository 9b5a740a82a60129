import { availableParallelism } from 'node:os'
import { badField } from '../../platform/http/refusal.ts'
import { workAside } from '../../platform/threads.ts'
import type { Hashing } from './hashing-thread.ts'

const mostBytes = 72
/** Whoever came after them would have given up by the time it is their turn. */
const mostWaiting = 200

const hashAside = workAside<Hashing, string | boolean>(new URL('./hashing-thread.ts', import.meta.url), {
  // Hashing takes a whole core; one core stays free for everybody who is signed in already.
  atOnce: Math.max(1, availableParallelism() - 1),
  mostWaiting,
})

/**
 * bcrypt reads 72 bytes and ignores the rest, so a longer password is refused rather than cut.
 * @param cost bcrypt's: the logarithm of the rounds
 * @param path the field to name in the refusal
 */
export async function hashPassword(password: string, cost: number, path = '/password'): Promise<string> {
  const bytes = bytesOf(password)
  if (bytes.length > mostBytes) throw badField(path, `must have at most ${mostBytes} bytes in UTF-8`)
  return hash(bytes, cost)
}

/**
 * Whose password it is. They are looked up when it is their turn, since many who sign in at once wait for that: their lookups would
 * hold up everybody else. For nobody, and for an account that signs in elsewhere, it takes just as long.
 */
export async function findByPassword<Person extends { readonly password_hash: string | null }>(
  password: string,
  find: () => Promise<Person | undefined>,
  cost: number,
): Promise<(Person & { readonly password_hash: string }) | undefined> {
  const bytes = bytesOf(password)
  if (bytes.length > mostBytes) return undefined
  let person: Person | undefined
  const same = await hashAside(async () => {
    person = await find()
    return { password: bytes, against: person?.password_hash ?? hashOfNothing(cost) }
  })
  return same === true && person && hasPassword(person) ? person : undefined
}

function hasPassword<Person extends { readonly password_hash: string | null }>(
  person: Person,
): person is Person & { readonly password_hash: string } {
  return person.password_hash !== null
}

/** The same letters typed on another device may come composed otherwise (Unicode Standard Annex 15). */
function bytesOf(password: string): Uint8Array {
  return new TextEncoder().encode(password.normalize('NFC'))
}

/** A hash in form, salt and digest all zeros: to compare with it takes as long as with any of its cost. */
function hashOfNothing(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}

async function hash(password: Uint8Array, cost: number): Promise<string> {
  return String(await hashAside(() => ({ password, cost })))
}
