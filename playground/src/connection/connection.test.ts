import { describe, expect, it } from 'vitest'
import { connectionProblems, metadataUrl } from './connection.js'

const valid = { issuer: 'https://id.example.com', clientId: 'spa', scope: 'openid profile' }

describe('connectionProblems()', () => {
  it.each([
    'https://id.example.com',
    'https://id.example.com/realms/one',
    'http://localhost:3000',
    'http://127.0.0.1:5173/oauth',
    'http://[::1]:8080',
    'http://id.localhost',
  ])('accepts the issuer %s', (issuer) => {
    expect(connectionProblems({ ...valid, issuer })).toEqual({})
  })

  it.each([
    ['', 'complete URL'],
    ['id.example.com', 'complete URL'],
    ['http://id.example.com', 'https://'],
    ['ftp://id.example.com', 'https://'],
    ['https://id.example.com?tenant=1', 'RFC 8414'],
    ['https://id.example.com#a', 'RFC 8414'],
    ['https://id.example.com/.well-known/openid-configuration', 'before “/.well-known/”'],
  ])('rejects the issuer %j', (issuer, problem) => {
    expect(connectionProblems({ ...valid, issuer }).issuer).toContain(problem)
  })

  it('requires a client ID, and rejects quotes in the scope', () => {
    expect(Object.keys(connectionProblems({ ...valid, clientId: ' ', scope: '"openid"' }))).toEqual(['clientId', 'scope'])
  })
})

describe('metadataUrl()', () => {
  it.each([
    ['https://id.example.com', 'https://id.example.com/.well-known/openid-configuration'],
    // As Auth0 writes its issuers.
    ['https://id.example.com/', 'https://id.example.com/.well-known/openid-configuration'],
    ['https://id.example.com/realms/one', 'https://id.example.com/realms/one/.well-known/openid-configuration'],
  ])('returns the address of the metadata of %s', (issuer, expected) => {
    expect(metadataUrl(issuer)).toBe(expected)
  })
})
