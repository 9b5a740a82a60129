import ipaddr from 'ipaddr.js'

/** Whether addresses within the own network count: never those of links (cloud metadata lies there), groups and nobody. */
export interface Reach {
  readonly allowPrivate: boolean
}

const ownNetwork = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal'])
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96')
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether a request that somebody else thought up may go to this address: a public one by the registries of special-purpose addresses
 * (IANA, RFC 6890). IPv4 within IPv6 (mapped, RFC 4291; NAT64, RFC 6052) is judged as what it stands for; 6to4, Teredo and what is not
 * global unicast are refused.
 * @param address in any spelling that connects: `127.1` and `0x7f000001` are 127.0.0.1
 */
export function isReachable(address: string, { allowPrivate }: Reach): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = embedded(ipaddr.process(address))
  const range = parsed.range()
  if (allowPrivate && ownNetwork.has(range)) return true
  return range === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(globalUnicast))
}

/** What a translator (NAT64) would connect to. */
function embedded(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  const isTranslated = address.kind() === 'ipv6' && address.match(translated)
  return isTranslated ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address
}
