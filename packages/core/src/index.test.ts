import { describe, expect, it } from 'vitest'
import { createOAuthRegistry } from './index.js'
import { createOAuthRegistry as ofSubpath } from './registry/index.js'

describe('@latchkey/core', () => {
  it('has the registry without a subpath, as the design names it', () => {
    expect(createOAuthRegistry).toBe(ofSubpath)
  })
})
