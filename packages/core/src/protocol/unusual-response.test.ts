import { describe, expect, it } from 'vitest'
import { isUsualResponse } from './authorization-response.js'
import type { ProtocolContext } from './protocol-context.js'
import { isAtRedirectUri } from './redirect-uri.js'
import { unusualResponse } from './unusual-response.js'

const REDIRECT_URIS = [
  'https://app.example/callback',
  'https://app.example/callback/',
  'https://app.example/callback?tenant=1',
  'https://APP.example/callback',
  'https://app.example:443/callback',
  'https://other.example/callback',
  'myapp://callback',
]
const ADDRESSES = [
  'https://app.example/callback?code=1&state=s',
  'https://app.example/callback/?code=1&state=s',
  'https://app.example/callback?tenant=1&code=1&state=s',
  'https://app.example/callback?tenant=2&code=1&state=s',
  'https://app.example/callback#code=1&state=s',
  'https://app.example/callback?code=1#state=s',
  'https://app.example/callback?state=s#state=s&code=1',
  'https://user@app.example/callback?code=1&state=s',
  'https://app.example/Callback?code=1&state=s',
  'myapp://callback?code=1&state=s',
]
const REQUESTS = [
  { responseType: 'code' },
  { responseType: 'code', responseMode: 'query' },
  { responseType: 'code', responseMode: 'fragment' },
  { responseType: 'code id_token' },
  { responseType: 'token' },
]

describe('a response that is read without more checks', () => {
  const responses = REDIRECT_URIS.flatMap((redirectUri) =>
    ADDRESSES.flatMap((address) =>
      REQUESTS.map((request) => ({ address, expectation: { state: 's', redirectUri, ...request } })),
    ),
  )
  const usual = responses.filter(({ address, expectation }) => isUsualResponse(new URL(address), expectation))

  it('is that of a code in the query', () => {
    expect(usual).toContainEqual({
      address: ADDRESSES[0],
      expectation: { state: 's', redirectUri: REDIRECT_URIS[0], ...REQUESTS[0] },
    })
    expect(usual.every(({ expectation }) => expectation.responseType === 'code')).toBe(true)
  })

  it('is at the redirect URI of its request', () => {
    expect(usual.filter(({ address, expectation }) => !isAtRedirectUri(new URL(address), expectation.redirectUri))).toEqual([])
  })

  it('is read as every other response would be', async () => {
    for (const { address, expectation } of usual) {
      const url = new URL(address)
      const parameters = await unusualResponse({} as ProtocolContext, url, expectation)
      expect([address, String(parameters)]).toEqual([address, String(url.searchParams)])
    }
  })
})
