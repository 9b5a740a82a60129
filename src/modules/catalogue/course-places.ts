/** A course among those that are kept: small whole numbers, so that each is a bit of a set. */
export type Place = number

/** A bit for each place. */
export type Bits = Uint32Array<ArrayBuffer>

/** Of more than these, bits take less. */
const mostAlone = (places: number) => 16 + (places >>> 5)

const noPlaces: Bits = new Uint32Array(0)

/** Some of the places: a few one by one, in no order; many as bits. */
export class PlaceSet {
  #alone: Uint32Array<ArrayBuffer> | null = noPlaces
  #bits: Bits = noPlaces
  #size = 0

  get size(): number {
    return this.#size
  }

  /** How much memory it takes, besides its objects. */
  get bytes(): number {
    return (this.#alone ?? this.#bits).byteLength
  }

  /**
   * @param place one that is not in it
   * @param places how many there are
   * @returns how much more memory it takes
   */
  add(place: Place, places: number): number {
    const size = this.#size++
    const at = place >>> 5
    if (this.#alone ? size < this.#alone.length : at < this.#bits.length) {
      if (this.#alone) this.#alone[size] = place
      else setBit(this.#bits, place)
      return 0
    }
    const before = this.bytes
    if (this.#alone && size < mostAlone(places)) {
      this.#alone = grown(this.#alone)
      this.#alone[size] = place
    } else {
      if (this.#alone) this.#bits = bitsOf(this.#alone, places)
      this.#alone = null
      while (at >= this.#bits.length) this.#bits = grown(this.#bits)
      setBit(this.#bits, place)
    }
    return this.bytes - before
  }

  /** @param place one that may be in it */
  remove(place: Place): void {
    const alone = this.#alone
    if (alone) {
      let at = 0
      while (at < this.#size && alone[at] !== place) at++
      if (at === this.#size) return
      alone[at] = alone[this.#size - 1] ?? 0
    } else {
      const [at, bit] = [place >>> 5, 1 << (place & 31)]
      const bits = this.#bits[at] ?? 0
      if ((bits & bit) === 0) return
      this.#bits[at] = bits & ~bit
    }
    this.#size--
  }

  addTo(bits: Bits): void {
    if (this.#alone) for (let at = 0; at < this.#size; at++) setBit(bits, this.#alone[at] ?? 0)
    else addAll(bits, this.#bits)
  }
}

export const bitsFor = (places: number): Bits => new Uint32Array((places >>> 5) + 1)

export function addAll(bits: Bits, others: Bits): void {
  const length = Math.min(bits.length, others.length)
  for (let at = 0; at < length; at++) bits[at] = (bits[at] ?? 0) | (others[at] ?? 0)
}

export function keepCommon(bits: Bits, others: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] ?? 0) & (others[at] ?? 0)
}

/** Those whose bits are set, ascending. */
export function* placesIn(bits: Bits): Generator<Place> {
  for (let at = 0; at < bits.length; at++)
    for (let left = bits[at] ?? 0; left !== 0; left &= left - 1) yield 32 * at + 31 - Math.clz32(left & -left)
}

/** What each place has, of those whose bits are set, in their order. */
export function pickPlaces(bits: Bits, values: readonly number[]): Uint32Array<ArrayBuffer> {
  const picked = new Uint32Array(values.length)
  let count = 0
  for (let at = 0; at < bits.length; at++)
    for (let left = bits[at] ?? 0; left !== 0; left &= left - 1)
      picked[count++] = values[32 * at + 31 - Math.clz32(left & -left)] ?? 0
  return picked.slice(0, count)
}

function bitsOf(alone: Uint32Array, places: number): Bits {
  const bits = bitsFor(places)
  for (const place of alone) setBit(bits, place)
  return bits
}

function setBit(bits: Bits, place: Place): void {
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31))
}

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(numbers.length + (numbers.length >>> 2) + 1)
  more.set(numbers)
  return more
}
