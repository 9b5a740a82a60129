import { isIP } from 'node:net'
import type { Faults } from './settings.ts'

const named = new Set(['loopback', 'linklocal', 'uniquelocal'])

/**
 * Which proxies to believe about the address of a client (X-Forwarded-For), as Fastify takes it: nobody; one hop, the proxy right in
 * front of us; or those at the given addresses and networks. Never all: the first address in the header is the client's own word.
 */
export function readProxies(
  said: string,
  faults: Faults,
): false | string[] | ((address: string, hop: number) => boolean) {
  if (said === 'off') return false
  if (said === 'on') return (_address, hop) => hop === 0
  const proxies = said.split(',').map((proxy) => proxy.trim())
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const most = isIP(address) === 4 ? 32 : 128
    const network =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most)
    if (!named.has(proxy) && !(isIP(address) !== 0 && network)) {
      faults.add(
        'TRUST_PROXY',
        `must be on, off, or addresses and networks such as 10.0.0.0/8, not "${proxy}"`,
      )
    }
  }
  return proxies
}
