/**
 * Draws the pictures, the video and the document of the demo school, which are committed: run it to change them.
 *
 *   node demo/make-media.ts
 *
 * It needs ffmpeg with libx264 on the path (Debian: apt-get install ffmpeg) and the font DejaVu Sans.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import PDFDocument from 'pdfkit'
import sharp from 'sharp'

const courses = join(import.meta.dirname, 'courses')
const font = 'DejaVu Sans'

async function filesOf(course: string): Promise<string> {
  const folder = join(courses, course, 'files')
  await mkdir(folder, { recursive: true })
  return folder
}

// Thumbnails: 1280 by 720, as wide as the widest that the school shows, so that they are kept as they are.

function picture(title: string, colors: { from: string; to: string }, drawing: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 1280 720">
    <defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="${colors.from}"/><stop offset="1" stop-color="${colors.to}"/>
    </linearGradient></defs>
    <rect width="1280" height="720" fill="url(#ground)"/>
    ${drawing}
    <text x="72" y="640" font-family="${font}" font-weight="bold" font-size="64" fill="#fff">${title}</text>
  </svg>`
}

const dot = (x: number, y: number, fill = '#fff') =>
  `<circle cx="${x}" cy="${y}" r="26" fill="${fill}" stroke="#fff" stroke-width="8"/>`
const graph = `<g fill="none" stroke="#fff" stroke-width="12" stroke-linecap="round" opacity="0.9">
    <path d="M160 340 H1120"/><path d="M400 340 C480 340 480 180 560 180 H800 C880 180 880 340 960 340"/>
  </g>${[160, 400, 640, 960, 1120].map((x) => dot(x, 340)).join('')}${[560, 800].map((x) => dot(x, 180, '#f5a623')).join('')}`

const cell = (row: number, column: number) =>
  `<rect x="${160 + column * 250}" y="${100 + row * 90}" width="230" height="70" rx="10" fill="#fff"
    opacity="${row === 0 ? 0.95 : row === 3 ? 0.8 : 0.3}"/>`
const table = [0, 1, 2, 3, 4].flatMap((row) => [0, 1, 2, 3].map((column) => cell(row, column))).join('')

const shield = `<path d="M640 90 L860 160 V320 C860 440 760 510 640 550 C520 510 420 440 420 320 V160 Z" fill="#fff" opacity="0.92"/>
  <path d="M545 320 L615 390 L745 250" fill="none" stroke="#1f7a5c" stroke-width="34" stroke-linecap="round" stroke-linejoin="round"/>`

const lines = [720, 520, 640, 380, 560]
  .map(
    (width, row) =>
      `<rect x="${190 + (row % 3) * 60}" y="${110 + row * 80}" width="${width}" height="34" rx="17" fill="#fff" opacity="${row === 2 ? 0.95 : 0.35}"/>`,
  )
  .join('')
const lens = `${lines}<circle cx="880" cy="290" r="130" fill="#fff" fill-opacity="0.18" stroke="#fff" stroke-width="22"/>
  <path d="M975 385 L1090 500" stroke="#fff" stroke-width="34" stroke-linecap="round"/>`

async function drawThumbnail(course: string, svg: string): Promise<void> {
  await sharp(Buffer.from(svg))
    .webp({ quality: 80 })
    .toFile(join(await filesOf(course), 'thumbnail.webp'))
}

// The video: six seconds of commits, and of the names that move along with them.

const video = { width: 640, height: 360, framesPerSecond: 15, seconds: 6 }

/** How far something that begins at a moment and takes half a second has come, from 0 to 1, gently. */
function progress(atSecond: number, begins: number): number {
  const linear = Math.min(1, Math.max(0, (atSecond - begins) * 2))
  return linear * linear * (3 - 2 * linear)
}

const commits = [
  { x: 90, y: 220, at: 0, from: null },
  { x: 210, y: 220, at: 0.6, from: [90, 220] },
  { x: 330, y: 130, at: 2, from: [210, 220] },
  { x: 450, y: 130, at: 3, from: [330, 130] },
  { x: 330, y: 220, at: 4, from: [210, 220] },
] as const

function nameTag(
  name: string,
  places: readonly { x: number; y: number; at: number }[],
  second: number,
  fill: string,
): string {
  const first = places[0]
  if (!first || second < first.at) return ''
  let { x, y } = first
  for (const place of places.slice(1)) {
    const moved = progress(second, place.at)
    x += (place.x - x) * moved
    y += (place.y - y) * moved
  }
  return `<g transform="translate(${x - 36} ${y})"><rect width="72" height="30" rx="6" fill="${fill}"/>
    <text x="36" y="21" text-anchor="middle" font-family="${font}" font-size="16" fill="#fff">${name}</text></g>`
}

function drawFrame(second: number): string {
  const lines = commits.map(({ x, y, at, from }) => {
    if (!from) return ''
    const drawn = progress(second, at)
    const end = [from[0] + (x - from[0]) * drawn, from[1] + (y - from[1]) * drawn]
    return `<line x1="${from[0]}" y1="${from[1]}" x2="${end[0]}" y2="${end[1]}" stroke="#8b93a7" stroke-width="6"/>`
  })
  const dots = commits.map(
    ({ x, y, at }) => `<circle cx="${x}" cy="${y}" r="${18 * progress(second, at + 0.3)}" fill="#2f6fde"/>`,
  )
  const main = [
    { x: 90, y: 250, at: 0.3 },
    { x: 210, y: 250, at: 1 },
    { x: 330, y: 250, at: 4.4 },
  ]
  const swim = [
    { x: 210, y: 170, at: 1.6 },
    { x: 330, y: 82, at: 2.4 },
    { x: 450, y: 82, at: 3.4 },
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${video.width}" height="${video.height}">
    <rect width="100%" height="100%" fill="#f7f8fb"/>${lines.join('')}${dots.join('')}
    ${nameTag('main', main, second, '#1f7a5c')}${nameTag('swim', swim, second, '#c2571a')}
    <text x="320" y="330" text-anchor="middle" font-family="${font}" font-size="20" fill="#3b4256">A branch is a name that moves</text></svg>`
}

async function makeVideo(path: string): Promise<void> {
  const tone = `aevalsrc=0.08*sin(2*PI*(220+110*floor(t/2))*t)*min(1\\,t)*min(1\\,${video.seconds}-t):s=44100:d=${video.seconds}`
  const ffmpeg = spawn(
    'ffmpeg',
    [
      [
        '-y',
        '-loglevel',
        'error',
        '-f',
        'image2pipe',
        '-framerate',
        String(video.framesPerSecond),
        '-i',
        '-',
      ],
      ['-f', 'lavfi', '-i', tone],
      ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '26', '-pix_fmt', 'yuv420p', '-profile:v', 'main'],
      [
        '-c:a',
        'aac',
        '-b:a',
        '48k',
        '-ac',
        '1',
        '-shortest',
        '-movflags',
        '+faststart',
        '-map_metadata',
        '-1',
      ],
      ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', path],
    ].flat(),
    { stdio: ['pipe', 'inherit', 'inherit'] },
  )
  for (let frame = 0; frame < video.framesPerSecond * video.seconds; frame++) {
    const png = await sharp(Buffer.from(drawFrame(frame / video.framesPerSecond)))
      .png()
      .toBuffer()
    if (!ffmpeg.stdin.write(png)) await once(ffmpeg.stdin, 'drain')
  }
  ffmpeg.stdin.end()
  const [code] = await once(ffmpeg, 'close')
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
}

// The document: a page to print.

const sheet: readonly [string, readonly [string, string][]][] = [
  [
    'Save',
    [
      ['git status', 'what has changed'],
      ['git add FILE', 'choose it for the next commit'],
      ['git commit -m "Why"', 'keep what was chosen'],
      ['git log --oneline', 'what was kept'],
    ],
  ],
  [
    'Branch',
    [
      ['git switch -c NAME', 'a new name, here'],
      ['git switch NAME', 'work under another name'],
      ['git merge NAME', 'bring its commits in'],
    ],
  ],
  [
    'Share',
    [
      ['git clone ADDRESS', 'get all of it'],
      ['git pull', 'get what is new'],
      ['git push', 'give what is yours'],
    ],
  ],
  [
    'Undo',
    [
      ['git restore FILE', 'throw a change away'],
      ['git revert COMMIT', 'undo a commit by another one'],
      ['git reflog', 'find what seems lost'],
    ],
  ],
]

async function makeSheet(path: string): Promise<void> {
  const made = new Date('2026-01-01T00:00:00Z')
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: 'Git on one page', Author: 'Lectern', CreationDate: made, ModDate: made },
  })
  const written = pipeline(pdf, createWriteStream(path))
  pdf.font('Helvetica-Bold').fontSize(26).fillColor('#1b2233').text('Git on one page').moveDown(0.6)
  for (const [title, commands] of sheet) {
    pdf.font('Helvetica-Bold').fontSize(15).fillColor('#2f6fde').text(title).moveDown(0.3)
    for (const [command, meaning] of commands) {
      const { y } = pdf
      pdf.font('Courier-Bold').fontSize(11).fillColor('#1b2233').text(command, 64, y)
      pdf.font('Helvetica').fontSize(11).fillColor('#3b4256').text(meaning, 260, y).moveDown(0.5)
    }
    pdf.x = 56
    pdf.moveDown(0.5)
  }
  pdf.end()
  await written
}

await drawThumbnail(
  'version-control-with-git',
  picture('Version control with Git', { from: '#20305c', to: '#2f6fde' }, graph),
)
await drawThumbnail(
  'sql-for-curious-people',
  picture('SQL for curious people', { from: '#5b2a6e', to: '#c2571a' }, table),
)
await drawThumbnail(
  'keeping-web-applications-safe',
  picture('Keeping web applications safe', { from: '#123d38', to: '#1f7a5c' }, shield),
)
await drawThumbnail(
  'reading-code-you-did-not-write',
  picture('Reading code you did not write', { from: '#3a2a12', to: '#b8792b' }, lens),
)
const git = await filesOf('version-control-with-git')
await makeVideo(join(git, 'branches.mp4'))
await makeSheet(join(git, 'git-on-one-page.pdf'))
