/**
 * One reading for all who ask at the same moment: who asks while one runs waits for the one after it, which begins when that has ended
 * and is everyone's who asks until then. So each is answered by a reading that began after they asked, and however many ask, one runs.
 * @param read with what the first of those who share it asked with; a key stands for all that tells readings apart
 */
export function readTogether<Asked extends readonly unknown[], Value>(
  read: (...asked: Asked) => Promise<Value>,
): (key: string, ...asked: Asked) => Promise<Value> {
  const last = new Map<string, Promise<unknown>>()
  const next = new Map<string, Promise<Value>>()
  return (key, ...asked) => {
    const waiting = next.get(key)
    if (waiting) return waiting
    const begin = () => {
      next.delete(key)
      return read(...asked)
    }
    const reading = (last.get(key) ?? Promise.resolve()).then(begin, begin)
    next.set(key, reading)
    last.set(key, reading)
    const forget = () => {
      if (last.get(key) === reading) last.delete(key)
    }
    reading.then(forget, forget)
    return reading
  }
}
