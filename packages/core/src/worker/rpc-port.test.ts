import { describe, expect, it, onTestFinished } from 'vitest'
import { createError } from '../errors/create-error.js'
import { RpcPort } from './rpc-port.js'

interface TestApi {
  add(input: readonly [number, number]): number
  fail(input: string): void
  wait(input: undefined): void
  read(input: { readonly body: ReadableStream<Uint8Array<ArrayBuffer>> }): string
}

function openPair(): {
  readonly other: RpcPort<object>
  readonly rpc: RpcPort<TestApi>
  readonly aborted: string[]
  readonly port: MessagePort
} {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const aborted: string[] = []
  const served = {
    add: ([a, b]: readonly [number, number]) => a + b,
    fail(kind: string) {
      if (kind === 'type') throw new TypeError('type')
      if (kind === 'dom') throw new DOMException('dom', 'AbortError')
      throw createError('invalid_grant', 'refused', {
        error: 'invalid_grant',
        status: 400,
        hint: 'sign in',
        cause: new Error('secret'),
      })
    },
    wait: (_input: undefined, signal: AbortSignal) =>
      new Promise(() => signal.addEventListener('abort', () => aborted.push('wait'))),
    read: ({ body }: { readonly body: ReadableStream }) => new Response(body).text(),
  }
  const other = new RpcPort<object>(port2, served)
  return { other, rpc: new RpcPort<TestApi>(port1, {}), aborted, port: port1 }
}

describe('RpcPort', () => {
  it('returns the result of the other thread', async () => {
    expect(await openPair().rpc.call('add', [1, 2])).toBe(3)
  })

  it('transfers a stream', async () => {
    const body = new Blob(['streamed']).stream()
    expect(await openPair().rpc.call('read', { body })).toBe('streamed')
  })

  it('rejects with an error of the same class and members, without its cause', async () => {
    const { rpc } = openPair()
    const error: unknown = await rpc.call('fail', 'client').catch((cause: unknown) => cause)
    const members = { name: 'ServerError', code: 'invalid_grant', error: 'invalid_grant', status: 400, hint: 'sign in' }
    expect(error).toMatchObject({ message: 'refused. sign in', ...members })
    expect(error).not.toHaveProperty('cause')
    await expect(rpc.call('fail', 'type')).rejects.toThrow(TypeError)
    await expect(rpc.call('fail', 'dom')).rejects.toMatchObject({ name: 'AbortError', message: 'dom' })
  })

  it('aborts a call in both threads', async () => {
    const { rpc, aborted } = openPair()
    const controller = new AbortController()
    const call = rpc.call('wait', undefined, controller.signal)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'aborted' })
    await expect.poll(() => aborted).toEqual(['wait'])
  })

  it('rejects input that cannot be cloned', async () => {
    const input = [1, (() => 2) as never] as const
    await expect(openPair().rpc.call('add', input)).rejects.toMatchObject({ code: 'configuration' })
  })

  it('calls only the functions that are served', async () => {
    const { rpc } = openPair()
    const names = ['constructor', '__proto__', 'toString', 'add.constructor'] as unknown as ReadonlyArray<'add'>
    const results = await Promise.all(names.map((name) => rpc.call(name, [1, 2])))
    expect(results).toEqual([undefined, undefined, undefined, undefined])
  })

  it('rejects all calls after a failure, until a message arrives', async () => {
    const { rpc, port } = openPair()
    const failure = createError('module_load_failed')
    const pending = rpc.call('wait', undefined)
    rpc.fail(failure)
    await expect(pending).rejects.toBe(failure)
    await expect(rpc.call('add', [1, 2])).rejects.toBe(failure)
    port.dispatchEvent(new MessageEvent('message', { data: { type: 'abort', id: 0 } }))
    expect(await rpc.call('add', [1, 2])).toBe(3)
  })
})

describe('RpcPort with a thread that ends', () => {
  const lost = createError('timeout', 'lost')
  const open = () => {
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => port1.close())
    const served = {
      add: ([a, b]: readonly [number, number]) => a + b,
      wait: () => new Promise((resolve) => setTimeout(resolve, 100)),
    }
    const other = new RpcPort<object>(port2, served)
    return { other, port2, rpc: new RpcPort<TestApi>(port1, {}, { intervalMs: 5, lost: () => lost }) }
  }

  it('rejects the calls in flight, the reads of its streams, and every later call', async () => {
    const { rpc, port2 } = open()
    expect(await rpc.call('add', [1, 2])).toBe(3)
    port2.close()
    const pending = [rpc.call('wait', undefined), rpc.call('add', [1, 2]), rpc.whileAlive(new Promise(() => undefined))]
    for (const { reason } of (await Promise.allSettled(pending)) as PromiseRejectedResult[]) expect(reason).toBe(lost)
    await expect(rpc.call('add', [1, 2])).rejects.toBe(lost)
    await expect(rpc.whileAlive(Promise.resolve(1))).rejects.toBe(lost)
  })

  it('waits for a call that takes longer than that, while the thread responds', async () => {
    const { rpc } = open()
    await rpc.call('add', [1, 2])
    expect(await rpc.call('wait', undefined)).toBeUndefined()
    expect(await rpc.whileAlive(Promise.resolve('read'))).toBe('read')
  })
})
