import { describe, expect, it } from 'vitest'
import { checkReturnTo } from './return-to.js'

describe('checkReturnTo() - invariant 8: return addresses stay on this origin', () => {
  it.each(['/', '/orders', '/orders?page=2#top', '/a//b', '/?next=https://evil.test'])('takes %s', (returnTo) => {
    expect(checkReturnTo(returnTo)).toBe(returnTo)
  })

  it.each([
    ['/a/../orders', '/orders'],
    ['/./orders/%2E%2e/items?x=/../y#/../z', '/items?x=/../y#/../z'],
    ['/ä b', '/%C3%A4%20b'],
  ])('normalizes %s to %s', (returnTo, normalized) => {
    expect(checkReturnTo(returnTo)).toBe(normalized)
    expect(checkReturnTo(normalized)).toBe(normalized)
  })

  it.each([
    '',
    '/.//evil.test',
    '/a/..//evil.test',
    '/%2e//evil.test',
    '/%2E%2e//evil.test/..',
    '/%2f%2Fevil.test',
    '/%5Cevil.test',
    '/x/../%2fevil.test',
    '/\u007f/evil.test',
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
    expect(() => checkReturnTo(returnTo)).toThrow(expect.objectContaining({ code: 'invalid_return_to' }))
  })
})
