import { describe, expect, it } from 'vitest'
import { connectionProblems } from './connection.js'

const good = { issuer: 'https://id.example.com', clientId: 'spa', scope: 'openid profile' }

describe('connectionProblems()', () => {
  it.each([
    'https://id.example.com',
    'https://id.example.com/realms/one',
    'http://localhost:3000',
    'http://127.0.0.1:5173/oauth',
    'http://[::1]:8080',
    'http://id.localhost',
  ])('finds none in the issuer %s', (issuer) => {
    expect(connectionProblems({ ...good, issuer })).toEqual({})
  })

  it.each([
    ['', 'whole URL'],
    ['id.example.com', 'whole URL'],
    ['http://id.example.com', 'https://'],
    ['ftp://id.example.com', 'https://'],
    ['https://id.example.com?tenant=1', 'RFC 8414'],
    ['https://id.example.com#a', 'RFC 8414'],
    ['https://id.example.com/.well-known/openid-configuration', 'before “/.well-known/”'],
  ])('finds one in the issuer %j', (issuer, problem) => {
    expect(connectionProblems({ ...good, issuer }).issuer).toContain(problem)
  })

  it('wants a client id, and a scope without quotes', () => {
    expect(Object.keys(connectionProblems({ ...good, clientId: ' ', scope: '"openid"' }))).toEqual(['clientId', 'scope'])
  })
})
