import { describe, expect, it, vi } from 'vitest'
import { explained } from '../errors/explained.fixture.js'
import { issuerHint } from '../errors/issuer-hint.js'
import { parseServerUrl, secureUrl } from './endpoint-url.js'

describe('a URL that a server wrote', () => {
  it('is not parsed if it is longer than URLs are: the parser is slow for long hosts beyond ASCII', () => {
    const [parse, long] = [vi.spyOn(URL, 'canParse'), `https://${'ü'.repeat(2048)}.example/`]
    try {
      expect(parseServerUrl(long)).toBeUndefined()
      expect(explained(() => secureUrl(long, '"token_endpoint"', { options: {}, code: 'invalid_metadata' }))).toMatchObject({
        message: expect.stringContaining('not a URL') as string,
      })
      expect(issuerHint({ received: long, expected: 'https://id.example', place: 'metadata' })).toContain('another server')
      expect(parse).not.toHaveBeenCalled()
    } finally {
      parse.mockRestore()
    }
  })

  it('is parsed up to 2048 characters', () => {
    const address = `https://id.example/${'a'.repeat(2048 - 19)}`
    expect(parseServerUrl(address)?.href).toBe(address)
    expect(parseServerUrl(`${address}a`)).toBeUndefined()
    expect(parseServerUrl('no URL')).toBeUndefined()
  })
})
