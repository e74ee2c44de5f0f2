import { describe, expect, it } from 'vitest'
import { specReference } from './spec-reference.js'

describe('specReference()', () => {
  it.each([
    ['RFC 6749, section 4.1.2', 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2'],
    ['RFC 7636', 'https://www.rfc-editor.org/rfc/rfc7636'],
    ['OpenID Connect Core 1.0, section 3.1.2.1', 'https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.2.1'],
    ['OpenID Connect Discovery 1.0', 'https://openid.net/specs/openid-connect-discovery-1_0.html'],
  ])('links %s', (citation, href) => {
    expect(specReference(citation)).toEqual({ name: citation, href })
  })

  it('returns undefined for a document that is not listed', () => {
    expect(specReference('the handbook, section 3')).toBeUndefined()
  })
})
