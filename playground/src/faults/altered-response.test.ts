import { beforeEach, describe, expect, it, vi } from 'vitest'
import { alteredResponse, alterResponseTo, type ResponseChange, stateOf } from './altered-response.js'

const request = new URL('https://id.example.com/authorize?state=s1')
const signed = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.00001234`

describe('alteredResponse()', () => {
  beforeEach(() => {
    const stored = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => stored.get(name) ?? null,
      setItem: (name: string, value: string) => void stored.set(name, value),
      removeItem: (name: string) => void stored.delete(name),
    })
    return () => vi.unstubAllGlobals()
  })

  it.each<readonly [ResponseChange, string, string]>([
    ['access-token', '/#access_token=mine&state=s1', '/#access_token=another-token&state=s1'],
    ['code', '/?a=1#code=mine&state=s1', '/?a=1#code=another-code&state=s1'],
    ['signature', `/?response=${signed({ state: 's1' })}`, `/?response=${signed({ state: 's1' }).slice(0, -4)}A234`],
    ['signature', `/#response=${signed({ state: 's1' })}`, `/#response=${signed({ state: 's1' }).slice(0, -4)}A234`],
  ])('changes the %s once: %s', (change, path, expected) => {
    alterResponseTo(request, change, 'changed')
    const url = new URL(path, 'https://app.example.com')
    expect(alteredResponse(url)).toEqual({ url: new URL(expected, url), note: 'changed' })
    expect(alteredResponse(url)).toBeUndefined()
  })

  it('leaves the response to another request alone', () => {
    alterResponseTo(request, 'code', 'changed')
    expect(alteredResponse(new URL('https://app.example.com/#code=mine&state=s2'))).toBeUndefined()
    expect(alteredResponse(new URL(`https://app.example.com/?response=${signed({ state: 's2' })}`))).toBeUndefined()
  })
})

it.each([
  ['?state=s1', 's1'],
  [`?response=${signed({ state: 's1' })}`, 's1'],
  ['?response=not.a*token.x', undefined],
  [`?response=${signed({ state: 1 })}`, undefined],
  ['?code=c', undefined],
])('stateOf() of %s', (query, state) => {
  expect(stateOf(new URL(query, 'https://app.example.com/'))).toBe(state)
})
