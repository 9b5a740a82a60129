import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isReachable } from './address-rules.ts'
import { urlFault } from './url-rules.ts'

const strict = { allowHttp: true, allowPrivate: false }
const open = { allowHttp: true, allowPrivate: true }

describe('an address that may be called', () => {
  it.each([
    'https://example.org/hook?key=1',
    'https://example.org:8443',
    'http://example.org:80',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::808:808]/',
  ])('%s', (url) => expect(urlFault(url, strict)).toBeNull())
})

describe('an address that is of the own network: refused, unless private ones are allowed', () => {
  it.each([
    'https://localhost/',
    'https://LOCALHOST./',
    'https://db.localhost/',
    'https://redis:6379/',
    'https://127.0.0.1/',
    'https://127.0.0.1./',
    'https://127.1/',
    'https://0x7f.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://017700000001/',
    'https://①②⑦.0.0.1/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[fd00::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a00:1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b::10.0.0.1]/',
  ])('%s', (url) => {
    expect(urlFault(url, strict)).toMatch(/public/)
    expect(urlFault(url, open)).toBeNull()
  })
})

describe('an address that is never called', () => {
  it.each([
    ['https://169.254.169.254/latest/meta-data/', 'the metadata of clouds'],
    ['https://[::ffff:169.254.169.254]/', 'the same, mapped'],
    ['https://[64:ff9b::a9fe:a9fe]/', 'the same, by NAT64'],
    ['https://0.0.0.0/', 'unspecified'],
    ['https://0/', 'unspecified'],
    ['https://[::]/', 'unspecified'],
    ['https://224.0.0.1/', 'multicast'],
    ['https://255.255.255.255/', 'broadcast'],
    ['https://240.0.0.1/', 'reserved'],
    ['https://192.0.2.1/', 'documentation'],
    ['https://198.18.0.1/', 'benchmarking'],
    ['https://[fe80::1]/', 'link-local'],
    ['https://[fec0::1]/', 'site-local'],
    ['https://[ff02::1]/', 'multicast'],
    ['https://[2002:7f00:1::]/', '6to4'],
    ['https://[2001:0:7f00:1::]/', 'Teredo'],
    ['https://[2001:db8::1]/', 'documentation'],
    ['https://[::127.0.0.1]/', 'IPv4-compatible'],
    ['https://[64:ff9b:1::a00:1]/', 'NAT64 of an own network'],
    ['https://user:pass@example.org/', 'credentials'],
    ['https://user@example.org/', 'credentials'],
    ['https://example.org:22/', 'a port of something else'],
    ['https://example.org:25/', 'a port of something else'],
    ['ftp://example.org/', 'another scheme'],
    ['file:///etc/passwd', 'another scheme'],
    ['javascript:alert(1)', 'another scheme'],
    ['//example.org', 'not whole'],
    ['https://', 'not whole'],
    ['https://exa mple.org/', 'a blank'],
    ['https://example.org\\@127.0.0.1/', 'a backslash'],
    ['https://exam\nple.org/', 'a line break'],
    ['https://256.256.256.256/', 'no address'],
    ['https://[fe80::1%25eth0]/', 'a zone'],
  ])('%s: %s', (url) => {
    expect(urlFault(url, strict)).not.toBeNull()
    expect(urlFault(url, open)).not.toBeNull()
  })

  it('in the clear, where that is not allowed', () => {
    expect(urlFault('http://example.org/', { allowHttp: false, allowPrivate: false })).toMatch(/https/)
  })
})

it.each(['', 'example.org', '::g', '1.2.3.4.5'])('what is no address is not reached: %s', (text) =>
  expect(isReachable(text, { allowPrivate: true })).toBe(false),
)

describe('whatever is given as an address', () => {
  it('is refused in words, or is one that the parser reads as it stands, by the web, without a name, to no address of our own', () => {
    const begin = fc.constantFrom('http://', 'https://', 'HTTP:\\\\', 'https:', 'https:///', '//', '')
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc.string(),
    )
    const rest = fc.oneof(
      fc.constant(''),
      fc.webPath(),
      fc.string(),
      fc.nat(70_000).map((port) => `:${port}/`),
    )
    const given = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.tuple(begin, host, rest).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(given, (text) => {
        const fault = urlFault(text, strict)
        if (fault !== null) {
          expect(fault).toMatch(/^must /)
          return
        }
        const url = new URL(text)
        expect(url.protocol).toMatch(/^https?:$/)
        expect(url.username + url.password).toBe('')
        expect(url.hostname).not.toMatch(
          /^(127|10|0|169\.254|192\.168)(\.\d+)+$|^\[(::1?|f[cde].*)\]$|localhost\.?$/,
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
