// cspell:ignore afall
import { describe, expect, it } from 'vitest'
import { createResourceList } from './resource-list.js'

const load = () => import('./decoded-path.js')

const match = async (resources: string[] | undefined, url: string, origin = 'https://app.test'): Promise<string | undefined> => {
  try {
    return (await createResourceList(resources, origin).match(new URL(url).href, load)).url
  } catch (error) {
    expect(error).toMatchObject({ code: 'resource_not_allowed' })
    return undefined
  }
}

describe('createResourceList() - invariant 5: tokens go only where the options allow', () => {
  it('allows this origin alone by default', async () => {
    //
    expect(await match(undefined, 'https://app.test/api')).toBe('https://app.test')
    expect(await match(undefined, 'https://api.test/')).toBeUndefined()
  })

  it('does not allow this origin once others are named', async () => {
    //
    expect(await match(['https://api.test/'], 'https://app.test/api')).toBeUndefined()
  })

  it.each([
    'https://api.test/v1',
    'https://api.test/v1?x=1',
    'https://api.test/v1#top',
    'https://api.test/v1/',
    'https://api.test/v1/users?x=1',
    'https://API.test:443/v1/users',
  ])('allows %s', async (url) => {
    //
    expect(await match(['https://api.test/v1'], url)).toBe('https://api.test/v1')
  })

  it('refuses a path that another resource covers once it is decoded', async () => {
    const resources = ['https://api.test/a', 'https://api.test/a%2fb']
    expect(await match(resources, 'https://api.test/a/b/users')).toBeUndefined()
    expect(await match(resources, 'https://api.test/a/c/users')).toBe('https://api.test/a')
    expect(await match(resources, 'https://api.test/a%2fb/users')).toBe('https://api.test/a%2fb')
  })

  it.each([
    'https://api.test/v10',
    'https://api.test/v1/../all',
    'https://api.test/',
    'https://api.test:8443/v1/',
    'http://api.test/v1/',
    'https://api.test.evil.test/v1/',
    'https://evil.test/https://api.test/v1/',
    'https://api.test@evil.test/v1/',
    'https://user@api.test/v1/',
  ])('refuses %s', async (url) => {
    //
    expect(await match(['https://api.test/v1'], url)).toBeUndefined()
  })

  it.each([
    '..%2fall',
    '..%2Fall',
    '..%5call',
    'x%2f..%2f..%2fall',
    '%2e%2e%2fall',
    '..%252fall',
    '%252e%252e%252fall',
    '..%25252fall',
    '..;/all',
    '..;a=b/all',
    '..%3b/all',
    '..%3bx%2fall',
    '..%09/all',
    '..%0A/all',
    '..%00/all',
    '.%7f./all',
    '..%2509/all',
    '..%c0%afall',
    '%C0%AE%c0%ae/all',
    '..%c1%9call',
    // The URL parser of Node 20 leaves dot segments as they are behind a name that starts with a dot.
    '.x/../../all',
    '.x/a/../../../all',
    '.x/../..',
  ])('refuses /v1/%s, which some servers read as /all', async (path) => {
    expect(await match(['https://api.test/v1'], `https://api.test/v1/${path}`)).toBeUndefined()
    expect(await match(['https://api.test/v1/'], `https://api.test/v1/${path}`)).toBeUndefined()
    expect(await match(['https://api.test/'], `https://api.test/v1/${path}`)).toBe('https://api.test/')
  })

  it('refuses a path that is encoded more often than any server decodes, without reading it as often', async () => {
    const path = (times: number): string => `https://api.test/v1/%${'25'.repeat(times)}2e`
    expect(await match(['https://api.test/v1'], path(4))).toBe('https://api.test/v1')
    expect(await match(['https://api.test/v1'], path(200_000))).toBeUndefined()
    expect(await match(['https://api.test/'], path(200_000))).toBe('https://api.test/')
  })

  it.each(['projects/group%2Fproject', 'files/a%5Cb', 'x;v=1/y', '100%25', 'a%2520b', '%E0%A4%A', '%'])(
    'allows /v1/%s, which stays below the prefix',
    async (path) => {
      expect(await match(['https://api.test/v1'], `https://api.test/v1/${path}`)).toBe('https://api.test/v1')
    },
  )

  it('refuses a path that is another entry’s for some servers: the two may get different tokens', async () => {
    const both = ['https://api.test/v1', 'https://api.test/v1/all']
    expect(await match(both, 'https://api.test/v1/x%2f..%2fall/users')).toBeUndefined()
    expect(await match(both, 'https://api.test/v1/all/..%2fusers')).toBeUndefined()
    expect(await match(both, 'https://api.test/v1/all/users')).toBe('https://api.test/v1/all')
  })

  it('has no origin of its own in a sandboxed page', async () => {
    //
    expect(await match(undefined, 'https://app.test/', 'null')).toBeUndefined()
    expect(await match(['https://api.test/'], 'https://api.test/', 'null')).toBe('https://api.test/')
  })

  it('takes a path where there is no page (a server that renders), and sends no token anywhere for it', async () => {
    //
    const list = createResourceList(['/api/', 'https://api.test/'], undefined)
    expect(await list.match('https://api.test/x', load)).toMatchObject({ url: 'https://api.test/' })
    expect(() => list.match('https://app.test/api/', load)).toThrow(expect.objectContaining({ code: 'resource_not_allowed' }))
    expect(await match(['/api/'], 'https://app.test/api/x')).toBe('/api/')
    // A page without an origin of its own has nothing that a path could mean.
    expect(() => createResourceList(['/api/'], 'null')).toThrow(expect.objectContaining({ code: 'configuration' }))
  })

  it('reads a protocol-relative URL for what it is', async () => {
    //
    expect(await match(['https://app.test/'], new URL('//evil.test/', 'https://app.test/').href)).toBeUndefined()
  })

  it.each([
    'http://api.test/',
    'ftp://api.test/',
    'not a url',
    'https://api.test/?x',
    'https://api.test/#x',
    'https://u:p@api.test/',
  ])('refuses "%s" as an entry', (entry) => {
    //
    expect(() => createResourceList([entry], undefined)).toThrow(expect.objectContaining({ code: 'configuration' }))
  })

  it.each(['http://localhost:3000/', 'http://127.0.0.1:3000/api', 'http://[::1]/'])(
    'takes plain http on loopback: %s',
    async (entry) => {
      //
      expect(await match([entry], `${entry}x`.replace('apix', 'api/x'))).toBe(entry)
    },
  )
})
