import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHtml } from './to-html.ts'

const render = (text: string) => toHtml(text, { publicUrl: 'http://lectern.test' })
const rel = 'rel="nofollow noopener"'
const quiet = 'loading="lazy" referrerpolicy="no-referrer"'

describe('what Markdown says', () => {
  it.each([
    ['# Why *Git*', '<h1>Why <em>Git</em></h1>'],
    ['~~old~~ `a < b`', '<p><s>old</s> <code>a &lt; b</code></p>'],
    ['| a |\n|---|\n| 1 |', /<table>[\s\S]*<td>1<\/td>/],
    ['```js\nlet a = "<b>"\n```', /<code class="language-js">let a = &quot;&lt;b&gt;&quot;/],
    [
      '[Git](https://git-scm.com "the site")',
      `<p><a href="https://git-scm.com" title="the site" ${rel}>Git</a></p>`,
    ],
    ['<https://git-scm.com>', `<p><a href="https://git-scm.com" ${rel}>https://git-scm.com</a></p>`],
    ['see https://git-scm.com.', `<p>see <a href="https://git-scm.com" ${rel}>https://git-scm.com</a>.</p>`],
    ['git-scm.com is a name', '<p>git-scm.com is a name</p>'],
    ['[write](mailto:a@example.org)', `<p><a href="mailto:a@example.org" ${rel}>write</a></p>`],
    [
      '![tree](https://example.org/a.png)',
      `<p><img src="https://example.org/a.png" alt="tree" ${quiet}></p>`,
    ],
    ['![tree](/api/media/1?x=1)', `<p><img src="/api/media/1?x=1" alt="tree" ${quiet}></p>`],
    [
      '![tree](http://lectern.test/api/media/1)',
      `<p><img src="http://lectern.test/api/media/1" alt="tree" ${quiet}></p>`,
    ],
  ])('%j', (text, html) => {
    const rendered = render(text).trim()
    if (typeof html === 'string') expect(rendered).toBe(html)
    else expect(rendered).toMatch(html)
  })
})

describe('under a path of its host', () => {
  const src = (source: string) => toHtml(`![x](${source})`, { publicUrl: 'http://lectern.test/school' })
  it.each(['http://lectern.test/school/api/media/1', '/api/media/1', 'https://example.org/a.png'])(
    '%s is shown',
    (source) => expect(src(source)).toContain(`src="${source}"`),
  )
  it.each([
    'http://lectern.test/api/media/1',
    'http://lectern.test/school/api/users/me',
    'http://lectern.test/school/api/media/../users/me',
    'http://lectern.test/schools/api/media/1',
  ])('%s is not', (source) => expect(src(source)).toBe('<p>x</p>\n'))
})

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>@import url(//evil.example)</style>',
  '<form action="//evil.example"><input name=password>',
  '<!--><script>alert(1)</script>-->',
  '<<script>script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](java&#x0A;script:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](<java script:alert(1)>)',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](data:image/png;base64,AAAA)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](/api/users/me)',
  '[x](/api/media/../users/me)',
  '[x](blob:https://example.org/1)',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![x](http://tracker.example/pixel.gif)',
  '![x](//tracker.example/pixel.gif)',
  '![x](/api/users/me)',
  '![x](/api/media/../users/me)',
  '![x](http://lectern.test.evil.example/api/media/1)',
  '![x](http://lectern.test@evil.example/api/media/1)',
  '![x](mailto:a@example.org)',
  '![" onerror="alert(1)](https://example.org/a.png)',
  '![x](https://example.org/a.png"onerror="alert(1))',
  '![x](https://example.org/a.png \'" onerror="alert(1)\')',
  '[x](https://example.org/"onmouseover="alert(1))',
  '[x](https://example.org \'" onmouseover="alert(1)\')',
  '[x](https://example.org/<script>alert(1)</script>)',
  '```"><script>alert(1)</script>\nx\n```',
  '```js" onload="alert(1)\nx\n```',
  '`<script>alert(1)</script>`',
  '| <script> |\n|---|\n| <img src=x onerror=alert(1)> |',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '![![x](javascript:alert(1))](https://example.org/a.png)',
]

/** What may stand in the output: these elements, with these attributes and no others. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title', 'rel'],
  img: ['src', 'alt', 'title', 'loading', 'referrerpolicy'],
  code: ['class'],
  ol: ['start'],
  td: ['style'],
  th: ['style'],
}
const bare = 'p h1 h2 h3 h4 h5 h6 em strong s pre ul li blockquote hr br table thead tbody tr'.split(' ')

function faultsOf(html: string): string[] {
  const faults: string[] = []
  // Outside of its tags no text may open one: the whole must be tags of the shape that we write, and text.
  const rest = html.replace(
    /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>/g,
    (_tag, _end, name: string, said: string) => {
      if (!bare.includes(name) && !(name in allowed)) faults.push(`<${name}>`)
      for (const [, attribute = '', value = ''] of said.matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
        if (!allowed[name]?.includes(attribute)) faults.push(`${name} ${attribute}`)
        if (attribute === 'href' && !/^(?:https?:|mailto:|\/api\/media\/)/.test(value)) faults.push(value)
        if (
          attribute === 'src' &&
          !/^(?:https:|\/api\/media\/|http:\/\/lectern\.test\/api\/media\/)/.test(value)
        )
          faults.push(value)
        if (attribute === 'src' && value.includes('..')) faults.push(value)
        if (attribute === 'style' && !/^text-align:(?:left|center|right)$/.test(value)) faults.push(value)
      }
      return ''
    },
  )
  if (/[<>]/.test(rest)) faults.push(rest)
  return faults
}

describe('what it does not do', () => {
  it.each(attacks)('%j is harmless', (text) => {
    expect(faultsOf(render(text))).toEqual([])
  })
  it('the check itself finds harm', () => {
    for (const html of [
      '<script>x</script>',
      '<img src="x" onerror="y">',
      '<a href="javascript:x">',
      '<p',
      '<b>',
    ])
      expect(faultsOf(html)).not.toEqual([])
  })
  it('is harmless whatever the pieces of attacks are put together to', () => {
    const piece = fc.oneof(
      fc.constantFrom(...attacks),
      fc.constantFrom('[', ']', '(', ')', '<', '>', '"', "'", '`', '\\', '!', '\n', '&', '#', ':', '|', '  '),
      fc.constantFrom('javascript:', 'https://a', '/api/media/', 'onload=', '<script', '-->'),
      fc.string({ maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(faultsOf(render(pieces.join('')))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
