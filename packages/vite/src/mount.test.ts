import { describe, expect, it } from 'vitest'
import { isMounted, mountOf } from './mount.js'

describe('mountOf()', () => {
  it.each([
    [{}, '/', '/oauth', undefined],
    [{ path: 'id' }, '/', '/id', undefined],
    [{ path: '/id/' }, '/', '/id', undefined],
    [{ path: '/a/b.c' }, '/app/', '/app/a/b.c', undefined],
    [{ api: '/api' }, '/app/', '/app/oauth', '/app/api'],
  ])('joins %j with the base %s', (options, base, path, api) => {
    expect(mountOf(options, base)).toEqual({ base, path, api })
  })

  it.each(['', '/', '../up', '/a/../b', '/.', 'https://example.com', '/a b', '/a?b', '/a#b', '//'])(
    'rejects the path %j',
    (path) => {
      expect(() => mountOf({ path }, '/')).toThrow('"path" must be a path')
    },
  )

  it('names the invalid option', () => {
    expect(() => mountOf({ api: '/' }, '/')).toThrow('"api" must be a path below Vite\'s base')
  })
})

describe('isMounted()', () => {
  it.each([
    '/oauth',
    '/oauth/token',
    '/oauth/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/oauth',
    '/.well-known/openid-configuration/oauth',
    '/api/me',
  ])('is true for %s', (pathname) => {
    expect(isMounted(mountOf({ api: '/api' }, '/'), pathname)).toBe(true)
  })

  it.each([
    '/',
    '/oauthx',
    '/oauth2/token',
    '/apiary',
    '/.well-known/oauth-authorization-server',
    '/.well-known/change-password',
  ])('is false for %s', (pathname) => {
    expect(isMounted(mountOf({ api: '/api' }, '/'), pathname)).toBe(false)
  })

  it('is false for the API’s path if the option "api" is absent', () => {
    expect(isMounted(mountOf({}, '/'), '/api/me')).toBe(false)
  })
})
