import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createMetrics } from '../../src/platform/metrics.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFile(join(root, path), 'utf8')
const guides = ['docs/deployment.md', 'docs/operations.md', 'docs/upgrading.md'] as const

/** The blocks of code of a language. */
function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block = '']) => block,
  )
}

describe('docs/deployment.md', () => {
  it('has commands of Compose that name services that there are', async () => {
    const { services } = parse(await read('compose.yaml'), { merge: true })
    const text = (await Promise.all(guides.map(read))).join('\n')
    const lines = blocksOf(text, 'sh')
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('docker compose'))
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) {
      const [, verb = '', rest = ''] = /^docker compose (up|logs|run|build)\b([^#]*)/.exec(line) ?? []
      expect({ line, verb }).toEqual({ line, verb: expect.stringMatching(/./) })
      const words = rest
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '' && !word.startsWith('--'))
      for (const service of verb === 'run' ? words.slice(0, 1) : words)
        expect(services).toHaveProperty([service])
    }
  })

  it('has alerts on what is measured', async () => {
    const metrics = createMetrics({ process: true })
    metrics.observeReplicaLag(0)
    const { text } = await metrics.expose()
    const measured = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
    const blocks = blocksOf(await read('docs/deployment.md'), 'yaml').map((block) => parse(block))
    const rules: { alert: string; expr: string }[] = blocks
      .flatMap((block) => block.groups ?? [])
      .flatMap(({ rules }) => rules)
    expect(rules.length).toBeGreaterThan(5)
    for (const { expr } of rules) {
      const names = [...expr.matchAll(/\b((?:lectern|nodejs|process)_\w+)/g)].map(([, name = '']) =>
        name.replace(/_(count|bucket|sum)$/, ''),
      )
      for (const name of names) expect([...measured]).toContain(name)
      if (names.length === 0) expect(expr).toMatch(/^up\{/)
    }
    expect(blocks.flatMap((block) => block.scrape_configs ?? [])[0]).toMatchObject({ job_name: 'lectern' })
  })

  it('has a unit of systemd that starts a program that there is', async () => {
    const [unit = ''] = blocksOf(await read('docs/deployment.md'), 'ini')
    const [, program = ''] = /^ExecStart=\/usr\/bin\/node (\S+) serve$/m.exec(unit) ?? []
    expect((await stat(join(root, program))).isFile()).toBe(true)
  })
})
