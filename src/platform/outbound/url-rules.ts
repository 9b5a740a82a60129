import ipaddr from 'ipaddr.js'
import { isReachable, type Reach } from './address-rules.ts'

export interface UrlRules extends Reach {
  /** Whether it may be sent in the clear. */
  readonly allowHttp: boolean
}

const webPorts = ['', '80', '443']
const firstFreePort = 1_024

/**
 * What keeps an address that somebody gave from being called at all; null where nothing does that can be seen without asking for the
 * name. What the name stands for is judged when it is connected to.
 * @returns for people, to stand after the name of the field
 */
export function urlFault(text: string, { allowHttp, allowPrivate }: UrlRules): string | null {
  const schemes = allowHttp ? ['https:', 'http:'] : ['https:']
  // The parser would drop blanks and take \ for /: what is shown would not be what is called.
  const url = /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text)
  if (!url || !schemes.includes(url.protocol))
    return `must be a whole address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`
  if (url.username !== '' || url.password !== '')
    return 'must not hold a name or a password: requests are signed'
  if (!webPorts.includes(url.port) && Number(url.port) < firstFreePort)
    return 'must have the port 80, 443 or one from 1024 on'
  const host = hostOf(url)
  const fault = 'must be a public address: private and loopback ones are not called (WEBHOOKS_ALLOW_PRIVATE)'
  if (ipaddr.isValid(host)) return isReachable(host, { allowPrivate }) ? null : fault
  const isOwn = !host.includes('.') || host.endsWith('.localhost')
  return isOwn && !allowPrivate ? fault : null
}

/** The host without the brackets of IPv6 and the dot of the root. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$|\.$/g, '')
}
