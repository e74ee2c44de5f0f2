import { describe, expect, it } from 'vitest'
import { missingFeature } from './provider-needs.js'

describe('missingFeature()', () => {
  it.each([
    ['/device', { device_authorization_endpoint: 'https://id.example.com/device' }, undefined],
    ['/device', {}, 'the device grant: there is no “device_authorization_endpoint”'],
    ['/password', {}, '“grant_types_supported” contains none of: password'],
    ['/password', { grant_types_supported: ['password'] }, undefined],
    ['/implicit', { response_types_supported: ['code'] }, 'none of: id_token token, id_token, token'],
    ['/implicit', { response_types_supported: ['code', 'id_token'] }, undefined],
    ['/user', {}, undefined],
  ] as const)('says what a server lacks: %s %o', (path, facts, expected) => {
    const missing = missingFeature(path, facts)
    if (expected === undefined) expect(missing).toBeUndefined()
    else expect(missing).toContain(expected)
  })
})
