import { describe, expect, it } from 'vitest'
import { checkReturnTo } from './return-to.js'

const origin = 'https://app.test'

describe('checkReturnTo() - invariant 8: return addresses stay on this origin', () => {
  it.each(['/', '/orders', '/orders?page=2#top', '/a//b', '/?next=https://evil.test'])('takes %s', (returnTo) => {
    expect(checkReturnTo(returnTo, origin)).toBe(returnTo)
  })

  it.each([
    '',
    'orders',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '/a\\..\\..//evil.test',
    'https://evil.test/',
    'https://app.test/',
    'javascript:alert(1)',
    'data:text/html,x',
    ' /orders',
  ])('refuses %j', (returnTo) => {
    expect(() => checkReturnTo(returnTo, origin)).toThrow(expect.objectContaining({ code: 'invalid_return_to' }))
  })

  it.each(['capacitor://localhost', 'chrome-extension://abcdef', 'file://', 'null', undefined])(
    'takes a path and refuses an address in a host whose page has the origin %s',
    (own) => {
      expect(checkReturnTo('/orders?page=2', own)).toBe('/orders?page=2')
      expect(() => checkReturnTo('//evil.test', own)).toThrow(expect.objectContaining({ code: 'invalid_return_to' }))
      expect(() => checkReturnTo('https://evil.test/', own)).toThrow(expect.objectContaining({ code: 'invalid_return_to' }))
    },
  )
})
