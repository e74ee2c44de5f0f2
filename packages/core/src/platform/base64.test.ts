import { describe, expect, it } from 'vitest'
import { readBase64Json } from './base64.js'

describe('readBase64Json()', () => {
  const value = { text: 'ü?>~', list: [1] }
  const base64 = Buffer.from(JSON.stringify(value)).toString('base64')

  it.each([base64, base64.replace(/=+$/, ''), Buffer.from(JSON.stringify(value)).toString('base64url')])(
    'reads %s',
    (encoded) => {
      expect(readBase64Json(encoded)).toEqual(value)
    },
  )

  it.each([undefined, '', '%', btoa('{'), 'a'])('returns undefined for %j', (encoded) => {
    expect(readBase64Json(encoded)).toBeUndefined()
  })
})
