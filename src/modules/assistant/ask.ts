import { type Model, ModelFailure, type ModelFault } from '../../platform/model/model.ts'
import type { Task } from './task.ts'

/** What is said while the answer is made: more of it, or that what came so far is void and it begins again. */
export type Said = { readonly delta: string } | 'restart'

/** What it took, of all tries. */
export interface Tally {
  tries: number
  inputTokens: number
  outputTokens: number
}

/** What another try may be better at. */
const passing: readonly ModelFault[] = ['timeout', 'unavailable', 'broken']
const mostTries = 2

/**
 * Asks the model, once more where it fails in passing or does not answer what was asked, and yields what may be shown at once.
 * @param tally is counted up
 * @throws ModelFailure
 */
export async function* ask<Content>(
  model: Model,
  task: Task<Content>,
  { tally, signal }: { tally: Tally; signal: AbortSignal },
): AsyncGenerator<Said, Content> {
  for (;;) {
    tally.tries++
    let shown = false
    try {
      const answer = askOnce(model, task, { tally, signal })
      for (;;) {
        const next = await answer.next()
        if (next.done) return next.value
        shown = true
        yield next.value
      }
    } catch (error) {
      const again = error instanceof ModelFailure && passing.includes(error.fault) && tally.tries < mostTries
      if (!again) throw error
    }
    if (shown) yield 'restart'
  }
}

async function* askOnce<Content>(
  model: Model,
  { prompt, mostCharacters, mayShow, read }: Task<Content>,
  { tally, signal }: { tally: Tally; signal: AbortSignal },
): AsyncGenerator<Said, Content> {
  const answer = model.ask({ ...prompt, mostCharacters, signal })
  let said = ''
  let shown = 0
  try {
    for (;;) {
      const next = await answer.next()
      if (next.done) {
        tally.inputTokens += next.value.inputTokens
        tally.outputTokens += next.value.outputTokens
        break
      }
      said += next.value
      // By whole words, so that no half of an address is shown.
      const end = mayShow ? said.search(/\s\S*$/) + 1 : 0
      if (end <= shown) continue
      if (mayShow?.(said.slice(0, end)) === false) throw new ModelFailure('broken')
      yield { delta: said.slice(shown, end) }
      shown = end
    }
  } finally {
    await answer.return({ inputTokens: 0, outputTokens: 0 })
  }
  const content = read(said)
  if (content === null) throw new ModelFailure('broken')
  if (mayShow && shown < said.length) yield { delta: said.slice(shown) }
  return content
}
