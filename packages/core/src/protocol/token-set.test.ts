import { describe, expect, it } from 'vitest'
import { isExpired, usefulLeeway } from './token-set.js'

const token = { accessToken: 'a', tokenType: 'Bearer' }

describe('isExpired()', () => {
  it('never expires without an expiry', () => {
    //
    expect(isExpired(token, 60, 1e12)).toBeUndefined()
  })

  it('takes the leeway into account', () => {
    //
    expect(isExpired({ ...token, expiresAt: 1000 }, 60, 939)).toBe(false)
    expect(isExpired({ ...token, expiresAt: 1000 }, 60, 940)).toBe(false)
    expect(isExpired({ ...token, expiresAt: 1000 }, 60, 941)).toBe(true)
  })
})

describe('usefulLeeway()', () => {
  it('is the requested one for tokens that live long enough', () => {
    expect(usefulLeeway({ ...token, expiresAt: 4600, receivedAt: 1000 }, 60)).toBe(60)
  })

  it('is half the lifetime of a token that would be stale at once', () => {
    expect(usefulLeeway({ ...token, expiresAt: 1030, receivedAt: 1000 }, 60)).toBe(15)
  })
})
