import type { Db } from '../../platform/database/database.ts'
import type { Module } from '../../platform/module.ts'

/** A module that holds personal data and can tell them. */
export type Collector = Pick<Module, 'name' | 'personalData'>

/**
 * All personal data of somebody as one JSON document, piece by piece: a member per module, in their order. A value that is an async
 * iterable becomes an array without ever being whole in memory.
 */
export async function* writeArchive(
  collectors: readonly Collector[],
  db: Db,
  userId: string,
  at: Date,
): AsyncGenerator<string> {
  yield `{"exportedAt":${JSON.stringify(at)}`
  for (const { name, personalData } of collectors) {
    if (!personalData) continue
    yield `,${JSON.stringify(name)}:{`
    let comma = ''
    for (const [key, value] of Object.entries(await personalData(db, userId))) {
      yield `${comma}${JSON.stringify(key)}:`
      if (isStream(value)) yield* writeArray(value)
      else yield JSON.stringify(value ?? null)
      comma = ','
    }
    yield '}'
  }
  yield '}\n'
}

async function* writeArray(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '['
  for await (const value of values) {
    yield before + JSON.stringify(value ?? null)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
