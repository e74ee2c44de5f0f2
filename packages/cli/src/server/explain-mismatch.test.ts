import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { explainMismatch } from './explain-mismatch.js'

describe('explainMismatch() of latchkey server', () => {
  it('writes the client as it must be in the settings file', () => {
    const redirectUri = 'http://localhost:5173/#"x'
    const mismatch = {
      clientId: 'spa: 1',
      parameter: 'redirect_uri',
      redirectUri,
      redirectUris: ['http://localhost:5173/'],
    } as const
    expect(explainMismatch({ ...mismatch, redirectUri: 'https://evil.example/' }).appUrl).toBe('http://localhost:5173/')
    expect(parse(explainMismatch(mismatch).code)).toEqual({
      clients: [{ clientId: 'spa: 1', redirectUris: ['http://localhost:5173/', redirectUri] }],
    })
  })

  it('writes a new client', () => {
    const mismatch = {
      clientId: 'x',
      parameter: 'redirect_uri',
      redirectUri: 'https://a.example/',
      redirectUris: undefined,
    } as const
    expect(explainMismatch(mismatch)).toEqual({
      text: expect.stringContaining('add this one'),
      code: 'clients:\n  - clientId: "x"\n    redirectUris:\n      - "https://a.example/"',
    })
  })
})
