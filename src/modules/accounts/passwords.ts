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
 * Whether the password is the one of the hash. Without a hash (an unknown e-mail address, or an account that signs in
 * elsewhere) it takes just as long and is false.
 */
export async function isPassword(
  password: string,
  passwordHash: string | null,
  cost: number,
): Promise<boolean> {
  const against = passwordHash ?? (await standIn(cost))
  const bytes = bytesOf(password)
  if (bytes.length > mostBytes) return false
  const same = await hashAside({ password: bytes, against })
  return same === true && passwordHash !== null
}

/** The same letters typed on another device may come composed otherwise (Unicode Standard Annex 15). */
function bytesOf(password: string): Uint8Array {
  return new TextEncoder().encode(password.normalize('NFC'))
}

const standIns = new Map<number, Promise<string>>()
function standIn(cost: number): Promise<string> {
  const made = standIns.get(cost) ?? hash(bytesOf('a password that nobody has'), cost)
  standIns.set(cost, made)
  return made
}

async function hash(password: Uint8Array, cost: number): Promise<string> {
  return String(await hashAside({ password, cost }))
}
