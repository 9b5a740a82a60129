import { hash } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { escapeHtml } from '../html.ts'
import { takeTurns } from '../turns.ts'
import type { Site } from './to-html.ts'

/** Hundreds of times what a long text takes that a person has written. */
const mostMs = 500
const mostMegabytes = 128
const mostWaiting = 50
/** How long a text that took too long is not tried again. */
const givenUpForMs = 10 * 60_000

const inTurn = takeTurns(1, mostWaiting)

const rendered = new LRUCache<string, string, { text: string; site: Site }>({
  maxSize: 8 * 1024 * 1024,
  maxEntrySize: 2 * 1024 * 1024,
  sizeCalculation: (html, key) => 2 * (html.length + key.length),
  fetchMethod: (_key, _old, { context: { text, site }, options }) =>
    inTurn(async () => {
      const html = await renderElsewhere(text, site)
      if (html !== null) return html
      options.ttl = givenUpForMs
      return `<pre>${escapeHtml(text)}</pre>\n`
    }),
})

/**
 * Renders Markdown as safe HTML (see `toHtml`). Texts can be made that take seconds or all memory, so it happens in a thread beside
 * this one, one text after the other, and what takes too long there is given as it was written, in a `pre`. The answer is kept in
 * memory, however the text is asked for.
 * @throws Refusal 503 where too many texts wait
 */
export async function renderMarkdown(text: string, site: Site): Promise<string> {
  const key = hash('sha256', JSON.stringify([site.publicUrl, text]), 'base64url')
  return rendered.forceFetch(key, { context: { text, site } })
}

let idle: Worker | undefined

/** Null where it takes too long, or too much memory. */
async function renderElsewhere(text: string, site: Site): Promise<string | null> {
  const worker = idle ?? (await openWorker())
  idle = undefined
  worker.ref()
  try {
    const answer = once(worker, 'message', { signal: AbortSignal.timeout(mostMs) })
    worker.postMessage({ text, site })
    const [html] = (await answer) as [string]
    worker.unref()
    idle = worker
    return html
  } catch {
    void worker.terminate()
    return null
  }
}

/** When first needed: most starts of the program render nothing. */
async function openWorker(): Promise<Worker> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  })
  // Else an error that comes when nobody waits would end the program.
  worker.on('error', () => {
    if (idle === worker) idle = undefined
  })
  await once(worker, 'message')
  return worker
}
