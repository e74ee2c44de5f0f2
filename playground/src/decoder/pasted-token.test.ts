import { describe, expect, it } from 'vitest'
import { cleanToken, whyUnreadable } from './pasted-token.js'

const part = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll('=', '')

describe('cleanToken()', () => {
  it.each([
    ['line breaks of a terminal or a mail', 'aaa.bb\n  b.c\r\ncc\n'],
    ['the scheme of a header', 'Bearer aaa.bbb.ccc'],
    ['the scheme of a DPoP-bound token', 'dpop  aaa.bbb.ccc'],
    ['a whole header', 'Authorization: Bearer aaa.bbb.ccc'],
    ['quotes of JSON', '"aaa.bbb.ccc",'],
  ])('removes %s', (_, text) => {
    expect(cleanToken(text)).toBe('aaa.bbb.ccc')
  })
})

describe('whyUnreadable()', () => {
  it.each([
    ['an encrypted token', `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, /encrypted.*RSA-OAEP.*A256GCM/],
    [
      'a token inside a token',
      `${part({ alg: 'RS256', cty: 'JWT' })}.${btoa('aaa.bbb.ccc')}.sig`,
      /payload is not a JSON object/,
    ],
    ['a payload that is a list', `${part({ alg: 'RS256' })}.${part([1])}.sig`, /payload is not a JSON object/],
    ['an opaque token', 'Wxq2-opaque', /opaque/],
    ['a header that is no JSON', 'a.b.c', /header is not a JSON object/],
    ['four parts', 'a.b.c.d', /three parts/],
  ])('explains %s', (_, token, expected) => {
    expect(whyUnreadable(token)).toMatch(expected)
  })
})
