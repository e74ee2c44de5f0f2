import { expect, it } from 'vitest'
import { parseUrl } from './parse-url.js'

it('parses a URL that is not ASCII each time', () => {
  // `URL.canParse` of Node 20 and 22 fails from about the 4,000th call on.
  let failures = 0
  for (let call = 0; call < 20_000; call += 1) if (!parseUrl('straße?q=ä', 'https://münchen.example/')) failures += 1
  expect(failures).toBe(0)
})

it('returns undefined for text that is no URL', () => {
  expect(parseUrl('orders')).toBeUndefined()
  expect(parseUrl('https://')).toBeUndefined()
})
