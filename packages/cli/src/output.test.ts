import { PassThrough } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { endWithoutReader } from './output.js'

describe('endWithoutReader()', () => {
  it('ends the process when the reader of its output has gone, and hides no other error', () => {
    const exit = vi.fn<() => void>()
    const stream = new PassThrough() as unknown as NodeJS.WriteStream
    endWithoutReader(stream, exit)
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(exit).toHaveBeenCalledOnce()
    expect(() => stream.emit('error', new Error('disk full'))).toThrow('disk full')
  })
})
