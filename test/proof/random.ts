/** Chance that can be had again: the same seed gives the same sequence. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number
  /** Whether something of this probability happens. */
  happens(probability: number): boolean
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  pick<Item>(items: readonly Item[]): Item | undefined
  /** A stream of its own for something that runs beside other things: whoever is quicker takes nothing from the others. */
  fork(): Random
}

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, far more than good enough here. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  // The first values of neighbouring seeds are alike.
  for (let thrown = 0; thrown < 4; thrown++) next()
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    happens: (probability) => next() < probability,
    pick: (items) => items[between(0, items.length - 1)],
    fork: () => randomOf(between(0, 0xffff_ffff)),
  }
}
