import { describe, expect, it } from 'vitest'
import { fieldsOfJson, fieldsOfParameters, mask, maskedField } from './masked-fields.js'

const secret = 'SECRET-that-must-be-masked-1234'

describe('masked fields', () => {
  it.each([
    ...['access_token', 'refresh_token', 'id_token', 'id_token_hint', 'token', 'code', 'code_verifier', 'client_secret'],
    ...[
      'registration_access_token',
      'client_assertion',
      'assertion',
      'password',
      'device_code',
      'device_secret',
      'logout_token',
      'auth_req_id',
      'login_hint_token',
      'subject_token',
      'Authorization',
      'DPoP',
    ],
  ])('mask the value of "%s"', (name) => {
    const fields = [
      maskedField(name, secret),
      ...fieldsOfParameters(new URLSearchParams({ [name]: secret })),
      ...fieldsOfJson({ [name]: secret }),
      ...fieldsOfJson({ nested: [{ [name]: secret }] }),
    ]
    expect(fields.map((field) => field.secret)).toEqual([true, true, true, false])
    expect(JSON.stringify(fields)).not.toContain('SECRET')
  })

  it.each(['state', 'scope', 'code_challenge', 'expires_in', 'token_type', 'grant_type'])('show the value of "%s"', (name) => {
    expect(maskedField(name, 'value')).toEqual({ name, value: 'value', secret: false })
  })

  it('reveal nothing of a short secret', () => {
    expect(mask('abc123')).toBe('•••• (6 characters)')
  })

  it('show the real length of a long secret', () => {
    expect(maskedField('id_token', 'x'.repeat(900)).value).toBe('••••xxxx (900 characters)')
  })

  it('truncate a long document', () => {
    const [field] = fieldsOfJson({ keys: Array.from({ length: 500 }, (_, index) => index) })
    expect(field?.value).toHaveLength(241)
  })

  it.each([[[1, 2]], ['text'], [null], [undefined]])('are empty for %j', (body) => {
    expect(fieldsOfJson(body)).toEqual([])
  })
})
