import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/bcrypt'
import { badField } from '../../platform/http/refusal.ts'
import { takeTurns } from '../../platform/turns.ts'

const mostBytes = 72
/** Whoever came after them would have given up by the time it is their turn. */
const mostWaiting = 200

// Hashing takes a whole core; one core stays free for everybody who is signed in already.
const inTurn = takeTurns(Math.max(1, availableParallelism() - 1), mostWaiting)

/**
 * bcrypt reads 72 bytes and ignores the rest, so a longer password is refused rather than cut.
 * @param cost bcrypt's: the logarithm of the rounds
 * @param path the field to name in the refusal
 */
export async function hashPassword(password: string, cost: number, path = '/password'): Promise<string> {
  const bytes = bytesOf(password)
  if (bytes.length > mostBytes) throw badField(path, `must have at most ${mostBytes} bytes in UTF-8`)
  return inTurn(() => hash(bytes, { cost }))
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
  const same = await inTurn(() => verify(bytes, against))
  return same && passwordHash !== null
}

/** The same letters typed on another device may come composed otherwise (Unicode Standard Annex 15). */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'))
}

const standIns = new Map<number, Promise<string>>()
function standIn(cost: number): Promise<string> {
  const made = standIns.get(cost) ?? hash('a password that nobody has', { cost })
  standIns.set(cost, made)
  return made
}
