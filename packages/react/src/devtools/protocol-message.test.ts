import { describe, expect, it } from 'vitest'
import { fieldsOf } from './protocol-message.js'

const secret = 'SECRET-that-must-be-masked-1234'

describe('the fields of a protocol message', () => {
  it.each(['auth_req_id', 'device_code', 'login_hint_token', 'user_code', 'client_secret', 'refresh_token'])(
    'mask the value of "%s"',
    (name) => {
      expect(fieldsOf([[name, secret]])).toEqual({ [name]: '…1234 (31)' })
    },
  )

  it.each(['binding_message', 'scope', 'grant_type'])('show the value of "%s"', (name) => {
    expect(fieldsOf([[name, 'value']])).toEqual({ [name]: 'value' })
  })
})
