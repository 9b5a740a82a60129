import { describe, expect, it } from 'vitest'
import { readIce } from './ice.ts'
import { Faults, readers } from './settings.ts'

function read(environment: Record<string, string>) {
  const faults = new Faults()
  const ice = readIce(readers(environment, faults), faults)
  faults.throwIfAny()
  return ice
}

describe('the servers of calls', () => {
  it.each([
    [{ TURN_URLS: 'turn:t.example' }, /TURN_SECRET is needed beside TURN_URLS/],
    [{ TURN_SECRET: 'north' }, /TURN_URLS is needed beside TURN_SECRET/],
    [{ TURN_URLS: 'stun:t.example', TURN_SECRET: 'north' }, /TURN_URLS must be such as turn:/],
    [{ TURN_URLS: 'turn:t.example?transport=carrier', TURN_SECRET: 'north' }, /TURN_URLS must be/],
    [{ STUN_URLS: 'https://t.example' }, /STUN_URLS must be such as stun:/],
    [{ STUN_URLS: 'stun:t.example?transport=udp' }, /STUN_URLS must be/],
  ])('are refused at the start: %j', (environment, fault) => {
    expect(() => read(environment)).toThrow(fault)
  })
  it('have addresses of all forms, and none by default', () => {
    const urls = [
      'turn:[2001:db8::1]:3478',
      'turns:203.0.113.7',
      'turn:turn-1.school.example:443?transport=tcp',
    ]
    expect(read({ TURN_URLS: urls.join(), TURN_SECRET: 'north' })).toEqual({
      stunUrls: [],
      turn: { urls, secret: 'north' },
    })
    expect(read({})).toEqual({ stunUrls: [], turn: null })
  })
})
