import { expect, it, onTestFinished, vi } from 'vitest'
import { allowsPlainHttp } from './allows-plain-http.js'

it('allows plain http with the option alone, between servers alone', () => {
  const url = new URL('http://id.internal/')
  const decided = (): readonly boolean[] => [true, false, undefined].map((option) => allowsPlainHttp(url, option))
  expect(decided()).toEqual([true, false, false])
  expect(allowsPlainHttp(new URL('ftp://id.internal/'), true)).toBe(false)
  vi.stubGlobal('document', {})
  onTestFinished(() => void vi.unstubAllGlobals())
  // A page has a document, also where a bundler or Electron gives it a `process`.
  expect(decided()).toEqual([false, false, false])
})
