// cspell:ignore afevil cevil
import { describe, expect, it } from 'vitest'
import { checkReturnTo } from './return-to.js'
import { PLAIN_PATH } from './start.js'

describe('checkReturnTo() - invariant 8: return addresses stay on this origin', () => {
  it.each([
    '/',
    '/orders',
    '/orders?page=2#top',
    '/a//b',
    '/?next=https://evil.test',
    '/?next=%2f%2fevil.test#%09%2f%2fevil.test',
    '/go/https%3A%2F%2Fevil.test',
    '/files/a%2Fb%5Cc%0Ad%00',
    '/100%25/%E0%A4%A/%',
    '/caf%C3%A9',
  ])('takes %s', (returnTo) => {
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
    '/%09/evil.test',
    '/%0a/evil.test',
    '/%0D%2fevil.test',
    '/%00/evil.test',
    '/%2509/evil.test',
    '/a/..%2f%2fevil.test',
    '/..%2f/evil.test',
    '/.%2f/evil.test',
    '/.%2F%2fevil.test',
    '/%2e%2e%2f%2fevil.test',
    '/.%5c/evil.test',
    '/..%252f/evil.test',
    '/..%25252f/evil.test',
    '/a%2f..%2f/evil.test',
    '/..%c0%af/evil.test',
    '/%c0%afevil.test',
    '/%c1%9cevil.test',
    '/x%3f/..%2f..%2f/evil.test',
    '/.%09%2f/evil.test',
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

describe('a path that is used without checkReturnTo() - invariant 8', () => {
  it('is the path of almost every page', () => {
    const paths = ['/', '/orders', '/orders/', '/orders/42.5?page=2&sort=-date#top', '/?next=%2f%2fevil.test', '/a-b/c_d/e.html']
    expect(paths.filter((path) => !PLAIN_PATH.test(path))).toEqual([])
  })

  it('is one that checkReturnTo() returns as it is', () => {
    const parts = ['', '/', 'a', '.', '..', '%2e', '%2f', '\\', '\t', '?', '#', 'ä', '=', ':', '@a']
    const two = parts.flatMap((one) => parts.map((other) => one + other))
    const plain = two.flatMap((one) => two.map((other) => `/${one}${other}`)).filter((path) => PLAIN_PATH.test(path))
    expect(plain.length).toBeGreaterThan(100)
    expect(plain.filter((path) => checkReturnTo(path) !== path)).toEqual([])
  })
})
