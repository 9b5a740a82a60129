import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const budgetBytes = 15 * 1_024

/** What a page loads of it: minified and compressed. */
async function sizeOf(entry: string, external: string[] = []): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../src', entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    external,
  })
  return gzipSync(outputFiles[0]?.contents ?? '').length
}

it('the client, without uploads in parts and realtime, is at most 15 kB', async () => {
  const bytes = await sizeOf('index.ts')
  expect(bytes).toBeGreaterThan(1_000)
  expect(bytes).toBeLessThan(budgetBytes)
})
