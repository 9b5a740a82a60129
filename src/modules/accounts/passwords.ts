import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/bcrypt'
import { badField } from '../../platform/http/refusal.ts'

const mostBytes = 72

/** bcrypt reads 72 bytes and ignores the rest, so a longer password is refused rather than cut. */
export async function hashPassword(password: string, cost: number, path = '/password'): Promise<string> {
  if (Buffer.byteLength(password) > mostBytes)
    throw badField(path, `must have at most ${mostBytes} bytes in UTF-8`)
  return inTurn(() => hash(password, { cost }))
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
  if (Buffer.byteLength(password) > mostBytes) return false
  const same = await inTurn(() => verify(password, against))
  return same && passwordHash !== null
}

const standIns = new Map<number, Promise<string>>()
function standIn(cost: number): Promise<string> {
  const made = standIns.get(cost) ?? hash('a password that nobody has', { cost })
  standIns.set(cost, made)
  return made
}

// Hashing takes a whole core; one core stays free for everybody who is signed in already.
const atOnce = Math.max(1, availableParallelism() - 1)
let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
