import { describe, expect, it } from 'vitest'
import { clientKey } from './resolve-options.js'
import { parseState } from '../sign-in/response-url.js'

const issuer = 'https://id.example'

type Client = readonly [issuer: string, clientId: string, name: string | undefined]

describe('the key of a client', () => {
  const PAIRS: ReadonlyArray<readonly [Client, Client]> = [
    [
      [issuer, 'app', '😀'],
      [issuer, 'app', '😁'],
    ],
    [
      [issuer, 'b c', 'd'],
      [issuer, 'b', 'c d'],
    ],
    [
      [issuer, 'app', 'a"],"b'],
      [issuer, 'app","a', 'b'],
    ],
    [
      ['https://id.example app', 'x', undefined],
      [issuer, 'app x', undefined],
    ],
    [
      [issuer, 'app', '\ud800'],
      [issuer, 'app', '\ud801'],
    ],
    [
      [issuer, 'app', 'a'],
      [issuer, 'app', undefined],
    ],
  ]

  it.each(PAIRS)('differs for %j and %j', (one, other) => {
    expect(clientKey(...one)).not.toBe(clientKey(...other))
  })

  it('is the same for none of many names that differ a little', () => {
    const keys = new Set<string>()
    const issuers = [issuer, `${issuer}/`]
    for (let i = 0; i < 100_000; i += 1) keys.add(clientKey(issuers[i % 2] ?? '', 'app', `account-${i}`))
    expect(keys.size).toBe(100_000)
  })

  it('fits into a "state"', () => {
    const key = clientKey(issuer, 'app', '😀/x')
    expect(parseState(`lk.${key}.r.random`)).toEqual({ clientKey: key, kind: 'r' })
  })
})
