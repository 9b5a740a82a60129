import type { RequestFigures } from './requests.ts'

const rowHeight = 26
const left = 320
const width = 1_000
const top = 64
/** Wider bars than this share of the floor are cut. */
const most = 2
const title = 'Requests a second on the large school, as a share of the floor’s'

/** An SVG: a bar for each measurement, as long as its share of the floor's requests a second, with its aim as a stroke across. */
export function drawPlot(figures: readonly RequestFigures[], caption: string): string {
  const x = (share: number) => left + (Math.min(share, most) / most) * (width - left - 190)
  const height = top + figures.length * rowHeight + 30
  const text = (at: number, y: number, content: string, more = '') =>
    `<text x="${at.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escaped(content)}</text>`
  const grid = [0, 0.5, 1, 1.5, 2].flatMap((share) => [
    `<line x1="${x(share)}" x2="${x(share)}" y1="${top - 8}" y2="${height - 24}" stroke="${share === 1 ? '#555' : '#ddd'}"/>`,
    text(x(share), top - 14, share === 1 ? 'the floor' : `${share}`, ' text-anchor="middle" fill="#555"'),
  ])
  const bars = figures.flatMap(({ plan, ofFloor, large }, row) => {
    const y = top + row * rowHeight
    const { ofFloor: aim } = plan.aim
    const color = aim === undefined ? '#8aa' : ofFloor >= aim ? '#2a7f62' : '#c4572e'
    const stroke =
      aim === undefined
        ? []
        : [
            `<line x1="${x(aim)}" x2="${x(aim)}" y1="${y - 1}" y2="${y + 19}" stroke="#111" stroke-width="3"/>`,
          ]
    return [
      text(left - 10, y + 14, plan.name, ' text-anchor="end"'),
      `<rect x="${left}" y="${y}" width="${(x(ofFloor) - left).toFixed(1)}" height="18" fill="${color}"/>`,
      ...stroke,
      text(
        Math.max(x(ofFloor), aim === undefined ? 0 : x(aim)) + 8,
        y + 14,
        `${Math.round(large.perSecond)}/s, p99 ${large.p99.toFixed(1)} ms`,
        ' fill="#333"',
      ),
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(16, 24, title, ' font-weight="600"'),
    ...grid,
    ...bars,
    text(16, height - 8, caption, ' fill="#555" font-size="11"'),
    '</svg>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
