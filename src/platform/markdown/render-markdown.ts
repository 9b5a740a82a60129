import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { escapeHtml } from '../html.ts'
import { Refusal } from '../http/refusal.ts'
import { workAside } from '../threads.ts'
import type { Site } from './to-html.ts'

/** Hundreds of times what a long text takes that a person has written. */
const mostMs = 500
const mostMegabytes = 128
const mostWaiting = 50
/** How long a text that took too long is not tried again. */
const givenUpForMs = 10 * 60_000

const renderAside = workAside<{ text: string; site: Site }, string>(new URL('./worker.ts', import.meta.url), {
  atOnce: 1,
  mostWaiting,
  mostMs,
  limits: { maxOldGenerationSizeMb: mostMegabytes },
})

const rendered = new LRUCache<string, string, { text: string; site: Site }>({
  maxSize: 8 * 1024 * 1024,
  maxEntrySize: 2 * 1024 * 1024,
  sizeCalculation: (html, key) => 2 * (html.length + key.length),
  fetchMethod: (_key, _old, { context: { text, site }, options }) =>
    renderAside(() => ({ text, site })).catch((error) => {
      if (error instanceof Refusal) throw error
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
