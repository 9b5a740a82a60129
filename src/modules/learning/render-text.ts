import type { Config } from '../../platform/config.ts'
import { renderMarkdown } from '../../platform/markdown/render-markdown.ts'
import { signMediaIn } from '../media/index.ts'

/**
 * A text as safe HTML, for one who may see it: the files that it names have addresses that a browser can follow, for some hours.
 * @param text Markdown
 * @param options.named the ids of those files
 * @param options.at the moment from which the addresses count
 */
export async function renderText(
  text: string,
  { named, config, at }: { named: readonly string[]; config: Config; at: Date },
): Promise<{ html: string; isSigned: boolean }> {
  const rendered = await renderMarkdown(text, config)
  const html = signMediaIn(rendered, named, config, at)
  return { html, isSigned: html !== rendered }
}
